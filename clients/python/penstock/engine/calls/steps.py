"""What tells one task call from all others: its source and its inputs as short digests."""

from __future__ import annotations

import pickle
import sys
from hashlib import sha256
from typing import Any

from penstock.futures import PenstockFuture
from penstock.payloads.sinks import BoundedSink, TooLong
from penstock.process.functions import DIGEST_BYTES

# An input that takes more bytes than this to write down is not hashed: its step is not reused.
LONGEST_INPUT = 1024 * 1024
# The same is true of one that is deeper, leads back to itself, or has more in it.
DEEPEST, MOST_VALUES = 50, 200_000

_EXACT = frozenset((type(None), bool, int, float, str, bytes))
_CONTAINERS = frozenset((list, tuple, dict, set, frozenset))
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
    except (Unhashable, RuntimeError):
        # Another thread changes it meanwhile, perhaps.
        return NOT_HASHED
    return digest_of(text)


def digest_of(text: bytes) -> bytes:
    return sha256(text).digest()[:DIGEST_BYTES]


def written(value: Any) -> bytes:
    """Write a value down so that equal values of equal types give equal bytes.

    Raises:
        Unhashable: it has no such bytes, or too many of them.
    """
    return _written(value, DEEPEST, [MOST_VALUES])


def _written(value: Any, depth: int, left: list[int]) -> bytes:
    kind = type(value)
    if kind in _EXACT:
        return _scalar(value)
    if kind in _CONTAINERS:
        left[0] -= len(value) + 1
        if not depth or left[0] < 0:
            raise Unhashable
        return _contained(kind, value, depth - 1, left)
    if issubclass(kind, PenstockFuture):
        step: bytes = value.__penstock_step__()
        if not step:
            raise Unhashable
        return step
    return _pickled(value)


def _contained(kind: type, value: Any, depth: int, left: list[int]) -> bytes:
    if kind is dict:
        items = (_row(tuple, each, depth, left) for each in value.items())
        return b"{%b}" % b",".join(items)
    if kind is list or kind is tuple:
        return _row(kind, value, depth, left)
    return b"<%b>" % b",".join(sorted(_written(each, depth, left) for each in value))


def _row(kind: type, values: Any, depth: int, left: list[int]) -> bytes:
    name = kind.__name__.encode()
    if _EXACT.issuperset(map(type, values)):
        try:
            return name + repr(values).encode(errors="surrogatepass")
        except ValueError:
            # An integer of more digits than Python writes.
            return b"%b(%b)" % (name, b",".join(map(_scalar, values)))
    return b"%b(%b)" % (name, b",".join(_written(each, depth, left) for each in values))


def _scalar(value: Any) -> bytes:
    try:
        return repr(value).encode(errors="surrogatepass")
    except ValueError:
        return hex(value).encode()


def _pickled(value: Any) -> bytes:
    sink = BoundedSink(LONGEST_INPUT)
    try:
        if sys.getsizeof(value) <= LONGEST_INPUT:
            pickle.Pickler(sink, protocol=5).dump(value)
            return sink.getvalue()
    except TooLong:
        raise Unhashable from None
    except Exception as error:
        raise Unhashable from error
    raise Unhashable
