"""Messages as plain values: what `-o json` prints and what tables pick from."""

from __future__ import annotations

import json
import re
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.type.v1.payload_pb2 import Payload

JSON = "application/json"
# Beyond this, JavaScript and many others lose digits of a number.
EXACT = 2**53

Plain = dict[str, Any]


def plain(message: Message) -> Plain:
    """Return the fields by name; times are RFC 3339, durations seconds, enums bare names."""
    values: Plain = {}
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
        return dict(value)
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
            return plain(value)
        case bytes():
            return value.hex()
        case bool() | float() | str():
            return value
    if field.enum_type is not None:
        name = field.enum_type.values_by_number[value].name
        return name.removeprefix(_prefix(field.enum_type.name))
    return value if abs(value) <= EXACT else str(value)


def _payload(payload: Payload) -> Any:
    if payload.content_type == JSON and payload.WhichOneof("data") == "inline":
        return json.loads(payload.inline)
    if payload.WhichOneof("data") == "content":
        return {
            "content_type": payload.content_type,
            "sha256": payload.content.sha256.hex(),
            "size": payload.content.size,
        }
    return {"content_type": payload.content_type, "size": len(payload.inline)}


def _prefix(enum: str) -> str:
    """Return `STATE_TYPE_` for `StateType`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", enum).upper() + "_"
