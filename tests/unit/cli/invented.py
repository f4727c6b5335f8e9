"""Services that answer every call with every field filled, all texts with one text."""

import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.state.v1.state_pb2 import STATE_TYPE_FAILED
from penstock.api.type.v1.payload_pb2 import Payload

# A list ends with its first page; another run's state would never be an end.
LEFT = {"next_page_token", "watch_cursor", "cursor", "cancel_requested"}
# Messages may hold messages of their own kind.
DEEPEST = 8


class _Words(NamedTuple):
    """What every text and every enum says."""

    text: str
    enum: int


class Inventing:
    """A channel to services that have nothing but this text to say, and this enum's value."""

    def __init__(self, text: str, *, empty: bool = False, enum: int = 99) -> None:
        self._text, self._empty, self._enum = text, empty, enum

    def unary_unary(self, path: str, **_options: Any) -> Any:
        async def call(_request: Any, **_said: Any) -> Message:
            return self._answer(path)

        return call

    def unary_stream(self, path: str, **_options: Any) -> Any:
        async def call(_request: Any) -> AsyncIterator[Message]:
            yield self._answer(path)

        return call

    def _answer(self, path: str) -> Message:
        service, _, method = path.strip("/").rpartition("/")
        kind = Default().FindServiceByName(service).FindMethodByName(method).output_type
        answer: Message = GetMessageClass(kind)()
        if self._empty:
            _fill_lists(answer)
        else:
            _fill(answer, _Words(self._text, self._enum), DEEPEST)
        return answer


def _fill_lists(answer: Message) -> None:
    """Let each list have one item, of which nothing is said."""
    for field in answer.DESCRIPTOR.fields:
        if field.is_repeated and field.message_type is not None:
            getattr(answer, field.name).add()


def _fill(message: Any, words: _Words, room: int) -> None:
    if isinstance(message, Timestamp):
        message.seconds = 2**61
        return
    if isinstance(message, Payload):
        message.content_type, message.inline = (
            "application/json",
            json.dumps([words.text]).encode(),
        )
        return
    for field in message.DESCRIPTOR.fields:
        if field.name in LEFT or (field.message_type is not None and not room):
            continue
        value = getattr(message, field.name)
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            _fill_map(field, value, words, room)
        elif field.is_repeated and field.message_type is not None:
            _fill(value.add(), words, room - 1)
        elif field.message_type is not None:
            value.SetInParent()
            _fill(value, words, room - 1)
        elif field.is_repeated:
            value.append(_single(field, words))
        else:
            setattr(message, field.name, _single(field, words))


def _fill_map(field: Any, value: Any, words: _Words, room: int) -> None:
    inside = field.message_type.fields_by_name["value"]
    if inside.message_type is None:
        value[words.text] = _single(inside, words)
    else:
        _fill(value[words.text], words, room - 1)


def _single(field: Any, words: _Words) -> Any:
    if field.name == "state_type":
        return STATE_TYPE_FAILED
    if field.enum_type is not None:
        return words.enum
    return {
        field.CPPTYPE_STRING: words.text.encode()
        if field.type == field.TYPE_BYTES
        else words.text,
        field.CPPTYPE_BOOL: True,
        field.CPPTYPE_FLOAT: float("nan"),
        field.CPPTYPE_DOUBLE: float("nan"),
    }.get(field.cpp_type, 3)
