"""Values as bytes: JSON where Python reads back the same, a pickle elsewhere."""

import copy
import enum
import json
import math
import subprocess
import sys
from collections import OrderedDict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanging import HANG_LIMIT
from penstock.payloads.decoding import decode
from penstock.payloads.encoding import (
    PARAMETERS_LIMIT,
    encode,
    encode_parameters,
    to_upload,
)
from penstock.payloads.plain import DEEPEST, LARGEST_JSON, MANY, MOST_POINTERS, as_json
from penstock.payloads.values import (
    INLINE_LIMIT,
    JSON,
    PICKLE,
    CannotPickle,
    EncodedPayload,
)

LIGHT = """
import sys
from penstock.failures import failure
from penstock.payloads import decoding, encoding

plain = encoding.encode({"user": [1, 2**60, "x"]})
assert decoding.decode(*plain) == {"user": [1, 2**60, "x"]}
heavy = "asyncio cloudpickle pydantic grpc google.protobuf".split()
print([name for name in heavy if name in sys.modules])
"""

# How long it takes to think of a value depends on what else the machine does.
at_leisure = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
texts = st.text()
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**2047), 2**2047)
    | st.integers(2**53 - 2, 2**53 + 2)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
plain_values = st.recursive(
    scalars,
    lambda inside: (
        st.lists(inside, max_size=12)
        | st.lists(st.integers(), min_size=9, max_size=12)
        | st.dictionaries(texts | st.sampled_from(["", "a/b", "~1/"]), inside, max_size=12)
    ),
    max_leaves=40,
)


class Colour(enum.IntEnum):
    RED = 1


class Text(str):
    __slots__ = ()


@at_leisure
@given(plain_values)
def test_what_json_can_say_comes_back_equal_with_the_same_types(value: Any) -> None:
    before = copy.deepcopy(value)
    encoded = encode(value)
    assert encoded is not None
    assert encoded.content_type == JSON
    assert same(decode(*encoded), value)
    assert same(value, before)


@at_leisure
@given(plain_values)
def test_every_number_in_the_json_is_one_that_any_reader_keeps(value: Any) -> None:
    encoded = encode(value)
    assert encoded is not None
    for number in numbers(json.loads(encoded.data)):
        assert abs(number) <= 2**53


@pytest.mark.parametrize(
    "value",
    [
        (),
        (1, 2),
        [1, (2,)],
        {"a": {"b": [(1,)]}},
        {1: "a"},
        {None: 1},
        {Text("a"): 1},
        [*range(20), Colour.RED],
        Colour.RED,
        [Colour.RED],
        Text("a"),
        OrderedDict(a=1),
        b"bytes",
        {1, 2},
        1j,
        2**2048,
        -(2**2048),
        "half \ud800",
        {"half \ud800": 1},
        ["x"] * 20 + ["half \udfff"],
    ],
    ids=repr,
)
def test_what_json_would_change_is_pickled(value: Any) -> None:
    encoded = encode(value)
    assert encoded is not None
    assert encoded.content_type == PICKLE
    assert same(decode(*encoded), value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("wrap", [lambda it: it, lambda it: [it], lambda it: {"a": [it] * 20}])
def test_a_float_that_is_no_number_is_pickled(value: float, wrap: Any) -> None:
    encoded = encode(wrap(value))
    assert encoded is not None
    assert encoded.content_type == PICKLE
    assert repr(decode(*encoded)) == repr(wrap(value))


def test_minus_zero_keeps_its_sign() -> None:
    encoded = encode([-0.0])
    assert encoded == (JSON, b"[-0.0]", (), ())
    assert math.copysign(1, decode(*encoded)[0]) == -1


def test_large_integers_are_strings_that_pointers_name() -> None:
    value = {"a/b": [1, 2**53, 2**53 + 1], "c~d": -(2**60)}
    encoded = encode(value)
    assert encoded is not None
    assert json.loads(encoded.data) == {
        "a/b": [1, 2**53, "9007199254740993"],
        "c~d": "-1152921504606846976",
    }
    assert sorted(encoded.integer_pointers) == ["/a~1b/2", "/c~0d"]
    for many in ([0] * 20 + [2**60], [0] * 20 + [-(2**60)], [True] * 20 + [2**60]):
        assert encode(many).integer_pointers == ("/20",)  # type: ignore[union-attr]
    assert encode(2**60) == (JSON, b'"1152921504606846976"', ("",), ())


def test_a_number_too_long_for_pythons_own_limit_is_pickled() -> None:
    encoded = encode({"n": 10**5000})
    assert encoded is not None
    assert encoded.content_type == PICKLE
    assert decode(*encoded)["n"] == 10**5000


def test_more_large_integers_than_pointers_may_name_are_pickled() -> None:
    fitting, more = (encode([2**60] * count) for count in (MOST_POINTERS, MOST_POINTERS + 1))
    assert fitting is not None
    assert more is not None
    assert (fitting.content_type, len(fitting.integer_pointers)) == (JSON, MOST_POINTERS)
    assert (more.content_type, more.integer_pointers) == (PICKLE, ())


def test_pointers_that_are_too_long_together_are_not_sent() -> None:
    encoded = encode({"k" * 20_000: 2**60})
    assert encoded is not None
    assert encoded.content_type == PICKLE


def test_depth_is_bounded() -> None:
    def nested(levels: int) -> Any:
        value: Any = []
        for _ in range(levels - 1):
            value = [value]
        return value

    fitting, deeper = encode(nested(DEEPEST)), encode(nested(DEEPEST + 1))
    assert fitting is not None
    assert deeper is not None
    assert (fitting.content_type, deeper.content_type) == (JSON, PICKLE)
    with pytest.raises(CannotPickle):
        encode(nested(100_000))


def test_a_cycle_is_pickled() -> None:
    ring: list[Any] = [1]
    ring.append({"ring": ring})
    encoded = encode(ring)
    assert encoded is not None
    assert encoded.content_type == PICKLE
    read = decode(*encoded)
    assert read[1]["ring"] is read


@pytest.mark.timeout(HANG_LIMIT)
def test_a_value_that_would_grow_out_of_all_bounds_is_pickled() -> None:
    value: Any = ["x" * 100]
    for _ in range(60):
        value = [value, value]
    encoded = encode(value)
    assert encoded is not None
    assert encoded.content_type == PICKLE
    assert len(encoded.data) < 1000


def test_a_few_repeats_are_json() -> None:
    default = {"colour": "red"}
    encoded = encode([default] * (MANY // 2))
    assert encoded is not None
    assert encoded.content_type == JSON


def test_what_is_huge_as_json_is_pickled() -> None:
    encoded = encode(["x" * 1024 * 1024] * (LARGEST_JSON // 1024 // 1024 + 1))
    assert encoded is not None
    assert encoded.content_type == PICKLE


def test_what_is_too_long_as_json_may_be_short_as_a_pickle() -> None:
    value = ["x" * 1000] * 5
    assert as_json(value, 4000) is None
    encoded = encode(value, 4000)
    assert encoded is not None
    assert encoded.content_type == PICKLE
    assert decode(*encoded) == value


def test_more_than_the_limit_is_nothing() -> None:
    assert encode([str(number) * 200 for number in range(50)], 4000) is None
    assert encode("x" * 4001, 4000) is None
    assert encode("é" * 2001, 4000) is None
    fitting = encode("é" * 1999, 4000)
    assert fitting is not None
    assert len(fitting.data) == 4000
    assert as_json([[1], [2, 3]], 11) == (JSON, b"[[1],[2,3]]", (), ())
    assert as_json([[1], [2, 3]], 10) is None


def test_what_cannot_be_pickled_says_so() -> None:
    with pytest.raises(CannotPickle, match="generator"):
        encode(number for number in range(3))


def test_each_argument_is_encoded_on_its_own() -> None:
    encoded = encode_parameters(
        {"n": 2**60, "who": "Ann", "when": (1, 2), "no": (it for it in range(3))}
    )
    assert encoded["n"] == (JSON, b'"1152921504606846976"', ("",), ())
    assert encoded["who"] == (JSON, b'"Ann"', (), ())
    assert encoded["when"].content_type == PICKLE
    assert decode(*encoded["when"]) == (1, 2)
    assert decode(*encoded["no"]).startswith("<generator object")


def test_an_argument_that_says_nothing_of_itself_is_encoded() -> None:
    class Silent:
        def __reduce__(self) -> Any:
            raise OSError

        def __repr__(self) -> str:
            raise SystemExit

    encoded = encode_parameters({"silent": Silent()})
    assert decode(*encoded["silent"]) == "<Silent, whose text raised SystemExit>"


def test_large_arguments_are_uploaded() -> None:
    sizes = {"small": 10, "just": INLINE_LIMIT - 2, "above": INLINE_LIMIT - 1}
    encoded = encode_parameters({name: "x" * size for name, size in sizes.items()})
    assert to_upload(encoded) == {"above"}


def test_the_largest_arguments_are_uploaded_until_the_rest_fits() -> None:
    encoded = {f"a{size}": payload(60_000 + size) for size in range(10)}
    chosen = to_upload(encoded)
    assert chosen == {"a8", "a9"}
    left = sum(each.size for name, each in encoded.items() if name not in chosen)
    assert left <= PARAMETERS_LIMIT
    assert to_upload({}) == frozenset()


def test_plain_values_load_nothing_heavy() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n", ended.stderr


def payload(size: int) -> EncodedPayload:
    return EncodedPayload(PICKLE, bytes(size))


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal down to types, order of keys and the sign of zero."""
    if type(one) is not type(other):
        return False
    if type(one) is list:
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) is dict:
        return same(list(one), list(other)) and all(map(same, one.values(), other.values()))
    return repr(one) == repr(other) if type(one) is float else bool(one == other)


def numbers(value: Any) -> list[int]:
    if isinstance(value, list):
        return [number for each in value for number in numbers(each)]
    if isinstance(value, dict):
        return numbers(list(value.values()))
    return [value] if isinstance(value, int) else []
