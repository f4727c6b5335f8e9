"""What is kept of a value that a run returned."""

from __future__ import annotations

import asyncio
from inspect import iscoroutine
from typing import Any, NamedTuple

from penstock.payloads.encoding import encode
from penstock.payloads.values import INLINE_LIMIT, CannotPickle, EncodedPayload

_SEVERAL = (list, tuple, set, frozenset)


class Kept(NamedTuple):
    """A value as it is stored; without a payload, it says why it is not."""

    payload: EncodedPayload | None = None
    why_not: str = ""


def refuse_unawaited(name: str, value: Any) -> None:
    """Check that what a function returned has run already.

    Raises:
        TypeError: it is, or holds, a coroutine or an asyncio future that nobody has awaited.
    """
    inside = value if type(value) in _SEVERAL else (value,)
    inside = value.values() if type(value) is dict else inside
    waiting = [each for each in inside if iscoroutine(each) or asyncio.isfuture(each)]
    if not waiting:
        return
    for each in waiting:
        # Nobody will run it, and Python need not warn of that once more.
        if iscoroutine(each):
            each.close()
    raise TypeError(
        f"{name} returned a {type(waiting[0]).__name__} that was never awaited: "
        "await it, and decorate the async function itself, or use an async "
        "wrapper"
    )


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
