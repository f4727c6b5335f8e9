"""Requests are checked against the rules of the contract before a servicer sees them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import Any

from penstock.errors import FieldViolation, InvalidArgument
from penstockd.chassis.chain import UNREADABLE, Method, Stream, Unary

DESCRIPTORS = Path(__file__).with_name("descriptors.binpb")

Check = Callable[[Any], Sequence[FieldViolation]]


class Validation:
    """Refuses what does not parse; with a check also what breaks a rule."""

    def __init__(self, check: Check | None = None) -> None:
        self._check = check

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        async def validated(request: Any, context: Any) -> Any:
            self._judge(method, request)
            return await behaviour(request, context)

        return validated

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        def validated(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            self._judge(method, request)
            return behaviour(request, context)

        return validated

    def _judge(self, method: Method, request: Any) -> None:
        if request is UNREADABLE:
            raise InvalidArgument(
                "the request does not parse: it must be the message that the contract names"
            )
        if self._check is None:
            return
        if violations := self._check(request):
            first = violations[0]
            more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
            raise InvalidArgument(
                f"{method.name}: {first.field}: {first.description}{more}",
                *violations,
                field=first.field,
            )


def contract_check(descriptors: Path = DESCRIPTORS) -> Check:
    """Return the check by the rules in a full descriptor set, as `make gen` writes it.

    Generated code carries no rules, so that clients need no validator: the messages are
    read once more in a pool of their own, which knows them.
    """
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
    from protovalidate import Validator

    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes()).file:
        pool.Add(file)
    validator = Validator()
    classes: dict[str, Any] = {}

    def check(request: Any) -> Sequence[FieldViolation]:
        name = request.DESCRIPTOR.full_name
        twin = classes.get(name)
        if twin is None:
            descriptor = pool.FindMessageTypeByName(name)
            twin = classes[name] = message_factory.GetMessageClass(descriptor)
        found = validator.collect_violations(twin.FromString(request.SerializeToString()))
        return [_violation(each.proto) for each in found]

    return check


def _violation(found: Any) -> FieldViolation:
    return FieldViolation(field=_path(found.field), description=found.message)


def _path(field: Any) -> str:
    return ".".join(element.field_name for element in field.elements) if field else "request"
