"""Checks that every time, duration, text and list that a request may carry has its bounds."""

import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
)

from tools.field_rules import FieldRules
from tools.source_tree import Finding, report

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTORS = ROOT / "services/penstockd/chassis/descriptors.binpb"
TIMESTAMP, DURATION = ".google.protobuf.Timestamp", ".google.protobuf.Duration"
END_OF_TIME = 253_370_764_800  # 9999-01-01
LONGEST = 36_525 * 86_400  # a hundred years
TIME_WINDOW = "give it a window: gte {seconds: 0}, lt {seconds: 253370764800}"
DURATION_WINDOW = "give it gte {seconds: 0} or more, and lte of at most 100 years"

Message = tuple[PurePosixPath, DescriptorProto]


def check(descriptors: FileDescriptorSet) -> list[Finding]:
    rules = FieldRules(descriptors)
    return [
        Finding(path=path, line=1, message=f"{message.name}.{field.name}: {missing}")
        for path, message in _asked(descriptors)
        for field in message.field
        for missing in _missing(field, rules.of(field), message)
    ]


def _asked(descriptors: FileDescriptorSet) -> Iterator[Message]:
    """Yield the requests of all methods, and the messages in them, each once."""
    known: dict[str, Message] = {
        f".{file.package}.{message.name}": (PurePosixPath("proto", file.name), message)
        for file in descriptors.file
        if file.package.startswith("penstock.")
        for message in file.message_type
    }
    waiting = [
        method.input_type
        for file in descriptors.file
        for service in file.service
        for method in service.method
    ]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        yield known[name]
        waiting += [field.type_name for field in _fields(known[name][1])]


def _fields(message: DescriptorProto) -> Iterator[FieldDescriptorProto]:
    """Yield the fields of a message, and those of its maps."""
    yield from message.field
    for entry in message.nested_type:
        yield from entry.field


def _missing(field: FieldDescriptorProto, rule: Any, message: DescriptorProto) -> Iterator[str]:
    entry = next((it for it in message.nested_type if _is_entry(field, it)), None)
    if entry is not None:
        if not rule.map.HasField("max_pairs"):
            yield "give it map.max_pairs"
        for part, inner in zip(entry.field, (rule.map.keys, rule.map.values), strict=True):
            yield from _unbounded(part, inner)
        return
    if field.label == FieldDescriptorProto.LABEL_REPEATED:
        if not rule.repeated.HasField("max_items"):
            yield "give it repeated.max_items"
        rule = rule.repeated.items
    yield from _unbounded(field, rule)


def _is_entry(field: FieldDescriptorProto, nested: DescriptorProto) -> bool:
    return nested.options.map_entry and field.type_name.endswith(f".{nested.name}")


def _unbounded(field: FieldDescriptorProto, rule: Any) -> list[str]:
    """Return what one value lacks."""
    bounded, fix = True, ""
    if field.type_name == TIMESTAMP:
        bounded = _is_window(rule.timestamp, ends=("lt",), longest=END_OF_TIME)
        fix = TIME_WINDOW
    elif field.type_name == DURATION:
        bounded = _is_window(rule.duration, ends=("lt", "lte"), longest=LONGEST)
        fix = DURATION_WINDOW
    elif field.type == FieldDescriptorProto.TYPE_STRING:
        bounded, fix = _is_short(rule.string), "give it string.max_len, or one of the patterns"
    elif field.type == FieldDescriptorProto.TYPE_BYTES:
        bounded = rule.bytes.HasField("max_len") or rule.bytes.HasField("len")
        fix = "give it bytes.max_len"
    return [] if bounded else [fix]


def _is_window(rule: Any, *, ends: tuple[str, ...], longest: int) -> bool:
    begins = [getattr(rule, it).seconds for it in ("gt", "gte") if rule.HasField(it)]
    ended = [getattr(rule, it).seconds for it in ends if rule.HasField(it)]
    return bool(begins and ended) and begins[0] >= 0 and ended[0] <= longest


def _is_short(rule: Any) -> bool:
    bounds = ("max_len", "max_bytes", "len", "len_bytes", "const", "uuid", "tuuid")
    ends = rule.pattern.endswith("}$") or "[89ab]" in rule.pattern
    return ends or any(rule.HasField(it) for it in bounds) or bool(getattr(rule, "in"))


def main() -> int:
    findings = check(FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()))
    return report(findings, "contract: everything that a request may carry has its bounds")


if __name__ == "__main__":
    sys.exit(main())
