"""No text of any request keeps NUL, wherever in it the text stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from penstock.api.state.v1.flow_run_service_pb2 import CreateFlowRunRequest
from penstockd.chassis.nul import replace_nul
from witness import methods

DEEP = 6
REQUESTS = {method.input_type.name: method.input_type for method in methods()}


@pytest.mark.parametrize("kind", REQUESTS.values(), ids=REQUESTS)
def test_every_text_of_a_request_loses_its_nul(kind: Descriptor) -> None:
    request = GetMessageClass(kind)()
    fill(request)
    written = list(texts(request))
    assert written
    assert set(written) == {"a\0b"}
    replace_nul(request)
    assert list(texts(request)) == ["a\ufffdb"] * len(written)


def test_bytes_are_left_as_they_are() -> None:
    request = CreateFlowRunRequest()
    payload = request.spec.parameters["level"]
    payload.content_type, payload.inline = "a\0b", b"a\0b"
    replace_nul(request)
    assert (payload.content_type, payload.inline) == ("a\ufffdb", b"a\0b")


def fill(message: Any, depth: int = 0) -> None:
    """Put a text with NUL wherever one can be; of a oneof, into the last field."""
    for field in message.DESCRIPTOR.fields:
        held = getattr(message, field.name)
        if field.message_type is None:
            if field.type == FieldDescriptor.TYPE_STRING:
                if field.is_repeated:
                    held.append("a\0b")
                else:
                    setattr(message, field.name, "a\0b")
        elif depth == DEEP or not field.message_type.full_name.startswith("penstock."):
            continue
        elif field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].message_type is None:
                held["a\0b"] = "a\0b"
            else:
                fill(held["a\0b"], depth + 1)
        else:
            fill(held.add() if field.is_repeated else held, depth + 1)


def texts(message: Any) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            for key in value:
                yield key
                if isinstance(value[key], str):
                    yield value[key]
                else:
                    yield from texts(value[key])
        elif field.message_type is not None:
            for part in value if field.is_repeated else [value]:
                yield from texts(part)
        elif field.type == FieldDescriptor.TYPE_STRING:
            yield from value if field.is_repeated else [value]
