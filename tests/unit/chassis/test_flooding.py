"""A request of a great many small items is judged by its first fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from penstock.api.state.v1.flow_run_service_pb2 import CreateFlowRunRequest
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.texts import MOST_ITEMS, MOST_TOLD, illegal_texts
from witness import methods

MANY = 20_000
SCALARS = {FieldDescriptor.CPPTYPE_STRING: "\x01", FieldDescriptor.CPPTYPE_BOOL: True}
check = contract_check()


def lists_of(message: Descriptor, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to each list and map of a request, also to those in the messages in it."""
    for field in message.fields:
        if field.is_repeated:
            yield (*path, field.name)
        elif field.message_type is not None and len(path) < 3:
            yield from lists_of(field.message_type, (*path, field.name))


LISTS = {
    f"{method.input_type.name}:{'.'.join(path)}": (method.input_type, path)
    for method in methods()
    for path in lists_of(method.input_type)
}


@pytest.mark.parametrize(("kind", "path"), LISTS.values(), ids=LISTS)
def test_a_flood_of_items_is_judged_by_its_first_fault(
    kind: Descriptor, path: tuple[str, ...]
) -> None:
    request: Any = GetMessageClass(kind)()
    holder = request
    for step in path[:-1]:
        holder = getattr(holder, step)
        holder.SetInParent()
    fill(holder, holder.DESCRIPTOR.fields_by_name[path[-1]])
    assert len(check(request)) == 1


def test_a_flood_of_bad_texts_is_judged_by_the_first_ones() -> None:
    request = CreateFlowRunRequest(namespace="home")
    request.spec.flow_name = "pipeline"
    request.spec.tags.extend(["\x01"] * MOST_ITEMS)
    told = [each.field for each in illegal_texts(request)]
    assert told == [f"spec.tags[{number}]" for number in range(MOST_TOLD)]
    request.spec.tags.append("fine")
    assert [each.field for each in illegal_texts(request)] == ["spec.tags"]


def test_a_small_request_hears_of_all_its_faults() -> None:
    request = CreateFlowRunRequest(request_id="x", namespace="no name")
    request.spec.tags.extend(["\x01", "\x01"])
    told = [each.field for each in check(request)]
    assert told == [
        "request_id", "namespace", "spec.flow_name", "spec.tags[0]", "spec.tags[1]",
    ]  # fmt: skip


def fill(message: Any, field: FieldDescriptor) -> None:
    held = getattr(message, field.name)
    if field.message_type is None:
        held.extend([SCALARS.get(field.cpp_type, 1)] * MANY)
    elif field.message_type.GetOptions().map_entry:
        text = field.message_type.fields_by_name["value"].message_type is None
        for number in range(MANY):
            if text:
                held[str(number)] = "\x01"
            else:
                held[str(number)].SetInParent()
    else:
        for _ in range(MANY):
            held.add()
