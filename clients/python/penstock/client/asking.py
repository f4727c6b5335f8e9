"""How services are asked; refusals are named errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from penstock.wire_errors import named_errors

Q = TypeVar("Q")
R = TypeVar("R")


async def ask(call: Callable[[Q], Awaitable[R]], request: Q) -> R:
    """Return the answer to one call; a `Patience` repeats it."""
    with named_errors(call):
        return await call(request)
