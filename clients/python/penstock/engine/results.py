"""What is kept of a value that a run returned."""

from __future__ import annotations

from typing import NamedTuple

from penstock.payloads.encoding import encode
from penstock.payloads.values import INLINE_LIMIT, CannotPickle, EncodedPayload


class Kept(NamedTuple):
    """A value as it is stored; without a payload, it says why it is not."""

    payload: EncodedPayload | None = None
    why_not: str = ""


def keep(value: object, limit: int | None = INLINE_LIMIT) -> Kept:
    """Encode a value for the record of a run.

    Args:
        value: what the function returned.
        limit: how many bytes there is room for: those that travel with a journal entry, unless
            the value is stored apart.
    """
    try:
        payload = encode(value, limit)
    except CannotPickle as error:
        return Kept(why_not=str(error))
    return Kept(payload, "" if payload else f"it takes more than {limit} bytes")
