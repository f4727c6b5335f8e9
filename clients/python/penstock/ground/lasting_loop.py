"""An event loop that goes on when user code closes all descriptors, as daemons do.

It hears of no file then, and nobody can wake it; what it is given to do, it still does.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from contextlib import suppress

# An epoll that is closed while a thread waits in it says nothing: so the thread looks up.
LONGEST_WAIT = 2.0
POLL = 0.02


class LastingLoop(asyncio.SelectorEventLoop):
    """The usual loop, over a selector that survives."""

    def __init__(self) -> None:
        super().__init__(_Selector())

    def close(self) -> None:
        """Close what is still open of it."""
        with suppress(OSError, ValueError):
            super().close()

    def _read_from_self(self) -> None:
        # Told just before by an epoll that was still open, of a socket that is not.
        with suppress(OSError):
            super()._read_from_self()  # type: ignore[misc]


class _Selector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        wait = LONGEST_WAIT if timeout is None else min(timeout, LONGEST_WAIT)
        try:
            return super().select(wait)
        except OSError:
            time.sleep(max(0.0, min(wait, POLL)))
            return []
