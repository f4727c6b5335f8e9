"""How services are asked: once, or until they answer; refusals are named errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from penstock.ground.patience import patiently
from penstock.wire_errors import named_errors

Q = TypeVar("Q")
R = TypeVar("R")


async def ask(call: Callable[[Q], Awaitable[R]], request: Q) -> R:
    """Return the answer to one call."""
    with named_errors():
        return await call(request)


async def ask_patiently(call: Callable[[Q], Awaitable[R]], request: Q) -> R:
    """Return the answer, also of a server that is away for a while; the call is idempotent."""
    return await patiently(lambda: ask(call, request))
