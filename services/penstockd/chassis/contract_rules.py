"""The rules of the contract as a check of requests: for servers, since it costs 0.2 s to load.

Generated code carries no rules, so that clients need no validator. Here the messages are
read once more, in a pool of their own, which knows the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from protovalidate import Validator, Violation

from penstock.errors import FieldViolation
from penstockd.chassis.text_kinds import words_for
from penstockd.chassis.texts import pair_of
from penstockd.chassis.validation import Check
from penstockd.chassis.wire.messages import packed

# A violation costs 0.3 ms: of a request with more items than this, only the first one is told.
MOST_ITEMS = 30
DESCRIPTORS = Path(__file__).with_name("descriptors.binpb")


def contract_check(descriptors: Path = DESCRIPTORS) -> Check:
    """Return the check by a full descriptor set, as `make gen` writes it."""
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(descriptors.read_bytes()).file:
        pool.Add(file)
    validator = Validator()
    twins: dict[str, Any] = {}

    def check(request: Any) -> Sequence[FieldViolation]:
        name = request.DESCRIPTOR.full_name
        if name not in twins:
            twins[name] = GetMessageClass(pool.FindMessageTypeByName(name))
        # Sorted, because a map that is read in the order of another one takes quadratic time.
        twin = twins[name].FromString(packed(request))
        violations = validator.collect_violations(twin, fail_fast=True)
        if violations and _is_small(twin):
            violations = validator.collect_violations(twin)
        return [_named(each) for each in violations]

    return check


def _is_small(message: Any) -> bool:
    return len(list(islice(_items(message), MOST_ITEMS + 1))) <= MOST_ITEMS


def _items(message: Any) -> Iterator[Any]:
    """Walk the items of all lists and maps in a message."""
    for field, value in message.ListFields():
        parts = value.values() if hasattr(value, "values") else value
        for part in parts if field.is_repeated else (value,):
            if field.is_repeated:
                yield part
            if hasattr(part, "ListFields"):
                yield from _items(part)


def _named(violation: Violation) -> FieldViolation:
    found = violation.proto
    why = found.message
    if found.rule_id == "string.pattern":
        why = words_for(str(violation.rule_value))
    return FieldViolation(field=_path(found.field) or "request", description=why)


def _path(field: Any) -> str:
    """`filter.names[3].prefix`."""
    return ".".join(_step(element) for element in field.elements) if field else ""


def _step(element: Any) -> str:
    name, place = element.field_name, element.subscript
    if place is None:
        return str(name)
    key = place.value
    return pair_of(name, key) if isinstance(key, str) else f"{name}[{key}]"
