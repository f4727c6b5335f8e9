"""How long a server may be away before a call of a running flow fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from penstock.errors import DeadlineExceeded, Unavailable

T = TypeVar("T")

PATIENCE = 30.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Retry the call until it is answered; the call must be idempotent.

    Raises:
        Unavailable: the server was away all the time.
        DeadlineExceeded: so it was, or it did not answer in time.
    """
    loop = asyncio.get_running_loop()
    give_up = loop.time() + PATIENCE
    pause = FIRST_PAUSE
    while True:
        try:
            return await call()
        except (Unavailable, DeadlineExceeded):
            if loop.time() + pause > give_up:
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
