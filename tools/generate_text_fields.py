"""Lists which fields of the contract hold which kind of text, for whoever has no validator."""

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorSet

from penstockd.chassis.text_kinds import KINDS, NAME, PRINTABLE, TITLE
from tools.field_rules import FieldRules

CONTRACT = "penstock."
_KIND_OF = {KINDS[kind].pattern: kind for kind in (NAME, TITLE, PRINTABLE)}
_HEADER = '''"""Generated from proto/ by `make gen`; never edited."""

# fmt: off
from collections.abc import Mapping

# By message and field; a kind that ends with "?" may be left out.
FIELDS: Mapping[str, Mapping[str, str]] = {
'''


def text_fields(descriptors: FileDescriptorSet) -> Mapping[str, Mapping[str, str]]:
    """Return kinds by message and field. Raises ValueError for a pattern that is no kind."""
    rules = FieldRules(descriptors)
    found: dict[str, dict[str, str]] = {}
    for file in descriptors.file:
        if not file.package.startswith(CONTRACT):
            continue
        for message in file.message_type:
            kinds = dict(_kinds(message, rules))
            if kinds:
                found[f"{file.package}.{message.name}"] = kinds
    return found


def as_python(fields: Mapping[str, Mapping[str, str]]) -> str:
    lines = [f"    {message!r}: {kinds!r}," for message, kinds in sorted(fields.items())]
    return _HEADER + "\n".join(lines).replace("'", '"') + "\n}\n"


def _kinds(message: DescriptorProto, rules: FieldRules) -> Iterator[tuple[str, str]]:
    for field in message.field:
        rule = rules.of(field)
        for pattern in _patterns(rule):
            if all(kind.pattern != pattern for kind in KINDS.values()):
                raise ValueError(
                    f"{message.name}.{field.name}: give {pattern!r} its words in "
                    "services/penstockd/chassis/text_kinds.py"
                )
            if pattern in _KIND_OF:
                # IGNORE_IF_ZERO_VALUE is 1.
                yield field.name, _KIND_OF[pattern] + ("?" if rule.ignore == 1 else "")


def _patterns(rule: Any) -> set[str]:
    texts = (
        rule.string,
        rule.repeated.items.string,
        rule.map.keys.string,
        rule.map.values.string,
    )
    return {text.pattern for text in texts if text.pattern}
