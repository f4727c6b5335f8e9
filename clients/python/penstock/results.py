"""Values of the user's as messages without pointers carry them."""

from __future__ import annotations

from typing import Any, NamedTuple

from penstock.payloads.decoding import decode
from penstock.payloads.encoding import as_pickle
from penstock.payloads.encoding import encode as encode_exactly
from penstock.payloads.sinks import TooLong
from penstock.payloads.values import INLINE_LIMIT, JSON, CannotPickle, EncodedPayload
from penstock.texts import repr_of

__all__ = ["INLINE_LIMIT", "JSON", "NONE", "CannotPickle", "Encoded", "decode", "encode"]


class Encoded(NamedTuple):
    """A value as bytes, and how to read them."""

    content_type: str
    data: bytes


NONE = Encoded(JSON, b"null")


def encode(value: object, limit: int | None = INLINE_LIMIT) -> Encoded | None:
    """Return the value as bytes, or nothing if they are more than the limit.

    Raises:
        CannotPickle: neither JSON nor pickle can say it.
    """
    if value is None:
        return NONE
    encoded = encode_exactly(value, limit)
    try:
        return None if encoded is None else _without_pointers(value, encoded, limit)
    except TooLong:
        return None


def encode_parameters(parameters: dict[str, Any]) -> Encoded:
    """Return a call's arguments as bytes; what cannot be said stands as its repr."""
    try:
        return encode(parameters, None) or NONE
    except CannotPickle:
        shown = {name: repr_of(value) for name, value in parameters.items()}
        return encode(shown, None) or NONE


def _without_pointers(value: object, encoded: EncodedPayload, limit: int | None) -> Encoded:
    if encoded.integer_pointers or encoded.redacted_pointers:
        encoded = as_pickle(value, limit)
    return Encoded(encoded.content_type, encoded.data)
