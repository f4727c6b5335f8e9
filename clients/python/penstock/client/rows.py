"""Messages as plain values: what `-o json` prints and what tables pick from."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.type.v1.payload_pb2 import Payload
from penstock.payloads.decoding import decode
from penstock.payloads.values import JSON, LARGEST_NUMBER, UnreadablePayload

Row = dict[str, Any]


class WatchBatch(NamedTuple):
    """What a watch saw at once, and the cursor to go on after it."""

    cursor: str
    changes: list[Row]


def row_of(message: Message) -> Row:
    """Return the fields by name; times are RFC 3339, durations seconds, enums bare names.

    Integers beyond 2^53 are strings, also those inside of payloads: JavaScript and many others
    lose digits of such a number.
    """
    values: Row = {}
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
            return value.ToJsonString()
        case Duration():
            return value.ToTimedelta().total_seconds()
        case Payload():
            return _payload(value)
        case Message():
            return row_of(value)
        case bytes():
            return value.hex()
        case bool() | float() | str():
            return value
    if field.enum_type is not None:
        return _enum_name(field.enum_type, value)
    return value if abs(value) <= LARGEST_NUMBER else str(value)


def _enum_name(kind: Any, number: int) -> str:
    """Return the bare name; a value that a newer server sent is as good as none."""
    known = kind.values_by_number.get(number) or kind.values_by_number[0]
    return str(known.name.removeprefix(_prefix(kind.name)))


def _payload(payload: Payload) -> Any:
    """Return the value if it is JSON and at hand, else what there is to say about it."""
    if payload.WhichOneof("data") == "content":
        return {
            "content_type": payload.content_type,
            "sha256": payload.content.sha256.hex(),
            "size": payload.content.size,
        }
    if payload.content_type == JSON:
        try:
            return decode(JSON, payload.inline)
        except UnreadablePayload:
            pass
    return {"content_type": payload.content_type, "size": len(payload.inline)}


def _prefix(enum: str) -> str:
    """Return `STATE_TYPE_` for `StateType`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enum).upper() + "_"
