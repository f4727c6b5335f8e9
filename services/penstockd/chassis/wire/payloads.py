"""Payload and ContentRef <-> values."""

from __future__ import annotations

from typing import Any

from penstock.api.type.v1 import payload_pb2
from penstockd.chassis.payload import JSON, ContentRef, Payload


def payload_from_proto(message: payload_pb2.Payload) -> Payload:
    by_digest = message.WhichOneof("data") == "content"
    return Payload(
        content_type=message.content_type,
        data=content_ref_from_proto(message.content) if by_digest else message.inline,
        integer_pointers=tuple(message.integer_pointers),
        redacted_pointers=tuple(message.redacted_pointers),
    )


def optional_payload(message: Any, field: str) -> Payload | None:
    return payload_from_proto(getattr(message, field)) if message.HasField(field) else None


def payload_to_proto(payload: Payload) -> payload_pb2.Payload:
    message = payload_pb2.Payload(
        content_type=payload.content_type,
        integer_pointers=payload.integer_pointers,
        redacted_pointers=payload.redacted_pointers,
    )
    if isinstance(payload.data, ContentRef):
        message.content.CopyFrom(content_ref_to_proto(payload.data))
    else:
        message.inline = payload.data
    return message


def json_payload(text: str) -> payload_pb2.Payload:
    return payload_pb2.Payload(content_type=JSON, inline=text.encode())


def content_ref_from_proto(message: payload_pb2.ContentRef) -> ContentRef:
    return ContentRef(sha256=message.sha256, size=message.size)


def content_ref_to_proto(ref: ContentRef) -> payload_pb2.ContentRef:
    return payload_pb2.ContentRef(sha256=ref.sha256, size=ref.size)
