"""Messages as plain values: what `-o json` prints and what tables pick from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite
from typing import Any, NamedTuple

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.type.v1.payload_pb2 import Payload
from penstock.payloads.decoding import decode
from penstock.payloads.values import JSON, LARGEST_NUMBER, UnreadablePayload

Row = dict[str, Any]
# What prints a value may nest no deeper than this.
DEEPEST = 100
_TIMES = (Timestamp, Duration)


class WatchBatch(NamedTuple):
    """What a watch saw at once, and the cursor to go on after it."""

    cursor: str
    changes: list[Row]


class MessageRow(Row):
    """The fields that a message has; one that it lacks is read as an empty one.

    What another service left out is nothing for which every reader has to look.
    """

    __slots__ = ("_kind",)

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, name: str) -> Any:
        field = self._kind.fields_by_name[name]
        empty = getattr(GetMessageClass(self._kind)(), name)
        # Nothing stands for 1970, or for no time at all.
        return "" if isinstance(empty, _TIMES) else _single(field, empty)


def row_of(message: Message) -> Row:
    """Return the fields by name; times are RFC 3339, durations seconds, enums bare names.

    Integers beyond 2^53 are strings, also those inside of payloads: JavaScript and many others
    lose digits of such a number. What cannot be read is shown as such.
    """
    values: Row = MessageRow(message.DESCRIPTOR)
    for field in message.DESCRIPTOR.fields:
        if field.has_presence and not message.HasField(field.name):
            continue
        value = getattr(message, field.name)
        values[field.name] = (
            _repeated(field, value) if field.is_repeated else _single(field, value)
        )
    return values


def _repeated(field: Any, value: Any) -> Any:
    kind = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        inside = kind.fields_by_name["value"]
        return {key: _single(inside, value[key]) for key in sorted(value)}
    return [_single(field, each) for each in value]


def _single(field: Any, value: Any) -> Any:
    match value:
        case Timestamp():
            return _time(value)
        case Duration():
            return value.seconds + value.nanos / 1e9
        case Payload():
            return payload_row(value)
        case Message():
            return row_of(value)
        case bytes():
            return value.hex()
        case bool() | str():
            return value
        case float():
            # JSON has no word for the others.
            return value if isfinite(value) else str(value)
    if field.enum_type is not None:
        return _enum_name(field.enum_type, value)
    return value if abs(value) <= LARGEST_NUMBER else str(value)


def _time(value: Timestamp) -> str:
    try:
        return value.ToJsonString()
    except ValueError:
        return f"unreadable: {value.seconds} s, {value.nanos} ns"


def _enum_name(kind: Any, number: int) -> str:
    """Return the bare name; of a value that a newer server sent there is only the number."""
    known = kind.values_by_number.get(number)
    return str(known.name.removeprefix(_prefix(kind.name))) if known else f"UNKNOWN_{number}"


def payload_row(payload: Payload) -> Any:
    """Return the value if it is JSON and at hand, else what there is to say about it."""
    if payload.WhichOneof("data") == "content":
        return {
            "content_type": payload.content_type,
            "sha256": payload.content.sha256.hex(),
            "size": payload.content.size,
        }
    told = {"content_type": payload.content_type, "size": len(payload.inline)}
    if payload.content_type != JSON:
        return told
    try:
        value = decode(JSON, payload.inline)
    except UnreadablePayload:
        return {**told, "unreadable": True}
    return value if _can_be_printed(value) else {**told, "unreadable": True}


def _can_be_printed(value: Any) -> bool:
    """Tell whether it nests no deeper than what prints it, and has no number beyond all."""
    level = [value]
    for _ in range(DEEPEST):
        if any(isinstance(each, float) and not isfinite(each) for each in level):
            return False
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return True
    return False


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _prefix(enum: str) -> str:
    """Return `STATE_TYPE_` for `StateType`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enum).upper() + "_"
