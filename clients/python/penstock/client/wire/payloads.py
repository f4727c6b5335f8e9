"""Values of the user's as Payloads, and back."""

from __future__ import annotations

from typing import Any

from penstock.api.type.v1.payload_pb2 import ContentRef, Payload
from penstock.payloads.decoding import decode
from penstock.payloads.values import EncodedPayload


def inline(value: EncodedPayload) -> Payload:
    """Return a Payload that carries the bytes itself."""
    payload = Payload()
    write_inline(payload, value)
    return payload


def write_inline(into: Payload, value: EncodedPayload) -> None:
    """Let a Payload carry the bytes itself."""
    into.content_type, into.inline = value.content_type, value.data
    if value.integer_pointers:
        into.integer_pointers.extend(value.integer_pointers)
    if value.redacted_pointers:
        into.redacted_pointers.extend(value.redacted_pointers)


def by_digest(value: EncodedPayload, sha256: bytes) -> Payload:
    """Return a Payload that names the bytes, which are kept elsewhere."""
    return Payload(
        content_type=value.content_type,
        content=ContentRef(sha256=sha256, size=len(value.data)),
        integer_pointers=value.integer_pointers,
        redacted_pointers=value.redacted_pointers,
    )


def value_of(payload: Payload, data: bytes) -> Any:
    """Return the value that the bytes say, which the payload carried or named.

    Raises:
        MissingResult: nobody here can read this content type.
        UnreadablePayload: the bytes are not what the payload says.
    """
    return decode(
        payload.content_type, data, payload.integer_pointers, payload.redacted_pointers
    )
