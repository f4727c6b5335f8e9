"""The rules of the contract as a check of requests: for servers, since it costs 0.2 s to load.

Generated code carries no rules, so that clients need no validator. Here the messages are
read once more, in a pool of their own, which knows the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from protovalidate import Validator, Violation

from penstock.errors import FieldViolation
from penstockd.chassis.text_kinds import words_for
from penstockd.chassis.validation import Check

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
        twin = twins[name].FromString(request.SerializeToString())
        return [_named(each) for each in validator.collect_violations(twin)]

    return check


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
    place = element.subscript
    return element.field_name if place is None else f"{element.field_name}[{place.value}]"
