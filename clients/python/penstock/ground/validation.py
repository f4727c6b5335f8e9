"""What a validator found wrong with a value, in the words of who is to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.ground.texts import name_of, repr_of, text_of

LONGEST_VALUE = 80

# By the validator's own names of kinds; `{…}` is what the rule asks for.
_MUST_BE = {
    "arguments_type": "a tuple, list or dictionary",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "bytes_invalid_encoding": "valid {encoding}",
    "bytes_type": "bytes",
    "callable_type": "something that can be called",
    "complex_str_parsing": "a complex number, such as 1+2j",
    "complex_type": "a complex number, such as 1+2j",
    "counter_type": "a Counter",
    "dataclass_exact_type": "a {class_name}",
    "dataclass_type": "a {class_name}, or a dictionary of its fields",
    "date_from_datetime_inexact": "a date, or a time at midnight",
    "date_from_datetime_parsing": "a date, such as 2026-01-31",
    "date_future": "in the future",
    "date_parsing": "a date, such as 2026-01-31",
    "date_past": "in the past",
    "date_type": "a date, such as 2026-01-31",
    "datetime_from_date_parsing": "a date and time, such as 2026-01-31T08:00",
    "datetime_future": "in the future",
    "datetime_object_invalid": "a datetime that exists",
    "datetime_parsing": "a date and time, such as 2026-01-31T08:00",
    "datetime_past": "in the past",
    "datetime_type": "a date and time, such as 2026-01-31T08:00",
    "decimal_parsing": "a decimal number",
    "decimal_type": "a decimal number",
    "deque_type": "a deque",
    "dict_type": "a dictionary",
    "ellipsis_error": "...",
    "enum": "one of {expected}",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "fraction_parsing": "a fraction, such as 3/4",
    "fraction_type": "a fraction, such as 3/4",
    "frozen_dict_type": "a frozendict",
    "frozen_set_type": "a frozenset",
    "greater_than": "greater than {gt}",
    "greater_than_equal": "{ge} or greater",
    "int_from_float": "an integer",
    "int_parsing": "an integer",
    "int_parsing_size": "an integer of at most 4300 digits",
    "int_type": "an integer",
    "invalid_key": "a string, because it is a key",
    "is_instance_of": "a {class}",
    "is_subclass_of": "a subclass of {class}",
    "iterable_type": "a list or another iterable",
    "json_invalid": "JSON text",
    "json_type": "JSON text",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "list_type": "a list",
    "literal_error": "one of {expected}",
    "mapping_type": "a dictionary",
    "missing_sentinel_error": "left out",
    "model_attributes_type": "a dictionary, or an object with these attributes",
    "model_type": "a {class_name}, or a dictionary of its fields",
    "multiple_of": "a multiple of {multiple_of}",
    "named_tuple_type": "a {class_name}, or a list or dictionary of its fields",
    "none_required": "None",
    "ordered_dict_type": "an OrderedDict",
    "set_type": "a set",
    "string_not_ascii": "a string of ASCII characters",
    "string_pattern_mismatch": "a string that matches the pattern {pattern}",
    "string_type": "a string",
    "string_unicode": "a string in UTF-8",
    "time_delta_parsing": "a duration, such as 90 (seconds) or PT1M30S",
    "time_delta_type": "a duration, such as 90 (seconds) or PT1M30S",
    "time_parsing": "a time of day, such as 08:00",
    "time_type": "a time of day, such as 08:00",
    "timezone_aware": "a time with a time zone",
    "timezone_naive": "a time without a time zone",
    "timezone_offset": "a time with the UTC offset {tz_expected} s",
    "tuple_type": "a tuple",
    "union_tag_invalid": "a dictionary whose {discriminator} is one of {expected_tags}",
    "union_tag_not_found": "a dictionary that has {discriminator}",
    "url_parsing": "a URL, such as https://example.org",
    "url_scheme": "a URL that begins with {expected_schemes}",
    "url_syntax_violation": "a URL, such as https://example.org",
    "url_type": "a URL, such as https://example.org",
    "uuid_parsing": "a UUID",
    "uuid_type": "a UUID",
    "uuid_version": "a UUID of version {expected_version}",
}
_MUST_HAVE = {
    "bytes_too_long": "at most {max_length} bytes",
    "bytes_too_short": "at least {min_length} bytes",
    "decimal_max_digits": "at most {max_digits} digits",
    "decimal_max_places": "at most {decimal_places} digits after the decimal point",
    "decimal_whole_digits": "at most {whole_digits} digits before the decimal point",
    "set_item_not_hashable": "only hashable items",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "too_long": "at most {max_length} items",
    "too_short": "at least {min_length} items",
    "url_too_long": "at most {max_length} characters",
}
# What is said of these needs no value: there is none, or its kind is not what is wrong.
_IS = {
    "extra_forbidden": "is unknown: leave it out",
    "missing": "is missing",
    "missing_argument": "is missing",
    "missing_keyword_only_argument": "is missing",
    "missing_positional_only_argument": "is missing",
    "default_factory_not_called": "has a default that depends on invalid fields",
    "frozen_field": "cannot be changed",
    "frozen_instance": "cannot be changed",
    "get_attribute_error": "cannot be read ({error})",
    "iteration_error": "cannot be iterated over ({error})",
    "multiple_argument_values": "is given twice",
    "needs_python_object": "cannot be checked in JSON",
    "no_such_attribute": "has no attribute {attribute}",
    "recursion_depth_exceeded": "is nested too deeply",
    "recursion_loop": "refers to itself",
    "unexpected_keyword_argument": "is unknown: leave it out",
    "unexpected_positional_argument": "is one argument too many: leave it out",
}


def what_is_wrong(name: str, error: Mapping[str, Any], *, shown: bool) -> str:
    """Return `n must be an integer, not 'one' (str)`.

    Args:
        name: the parameter.
        error: what pydantic says of one value in it.
        shown: whether people may see what was given, which is not so with secrets.
    """
    where = ".".join([name, *(text_of(part) for part in error["loc"])])
    kind = error["type"]
    facts = {key: text_of(value) for key, value in error.get("ctx", {}).items()}
    if kind in _IS:
        return f"{where} {_IS[kind].format(**facts)}"
    if kind in _MUST_BE:
        said = f"must be {_MUST_BE[kind].format(**facts)}"
    elif kind in _MUST_HAVE:
        said = f"must have {_MUST_HAVE[kind].format(**facts)}"
    else:
        # A validator of the user's own: what it says is whole.
        return f"{where} is refused: {facts.get('error') or error['msg']}"
    if not shown:
        return f"{where} {said}"
    given = error["input"]
    return f"{where} {said}, not {repr_of(given, LONGEST_VALUE)} ({name_of(type(given))})"
