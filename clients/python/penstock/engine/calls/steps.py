"""What tells one task call from all others: its source and its inputs as short digests."""

from __future__ import annotations

import pickle
from hashlib import sha256
from typing import Any

from penstock.payloads.sinks import BoundedSink, TooLong
from penstock.process.functions import DIGEST_BYTES

# An input that takes more bytes than this to write down is not hashed: its step is not reused.
LONGEST_INPUT = 1024 * 1024

_EXACT = frozenset((type(None), bool, int, float, str, bytes))
NOT_HASHED = b""
NO_INPUTS = sha256(b"()").digest()[:DIGEST_BYTES]


class Unhashable(Exception):
    """The input has no stable digest."""


def input_digest(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """Return the digest of a call's inputs; empty when they have none."""
    if not args and not kwargs:
        return NO_INPUTS
    try:
        text = written(args)
        if kwargs:
            text += written(sorted(kwargs.items()))
    except Unhashable:
        return NOT_HASHED
    return digest_of(text)


def digest_of(text: bytes) -> bytes:
    return sha256(text).digest()[:DIGEST_BYTES]


def written(value: Any) -> bytes:
    """Write a value down so that equal values of equal types give equal bytes."""
    kind = type(value)
    if kind in _EXACT:
        return repr(value).encode(errors="surrogatepass")
    if kind is list or kind is tuple:
        return _row(kind.__name__, value)
    if kind is dict:
        return b"{%b}" % b",".join(written(each) for each in value.items())
    if kind is set or kind is frozenset:
        return b"<%b>" % b",".join(sorted(written(each) for each in value))
    known = getattr(value, "__penstock_step__", None)
    if known is None:
        return _pickled(value)
    if not (step := known()):
        raise Unhashable
    return step  # type: ignore[no-any-return]


def _row(kind: str, values: Any) -> bytes:
    if _EXACT.issuperset(map(type, values)):
        return kind.encode() + repr(values).encode(errors="surrogatepass")
    return b"%b(%b)" % (kind.encode(), b",".join(written(each) for each in values))


def _pickled(value: Any) -> bytes:
    if value.__sizeof__() > LONGEST_INPUT:
        raise Unhashable
    sink = BoundedSink(LONGEST_INPUT)
    try:
        pickle.Pickler(sink, protocol=5).dump(value)
    except TooLong:
        raise Unhashable from None
    except Exception as error:
        raise Unhashable from error
    return sink.getvalue()
