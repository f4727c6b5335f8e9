"""Runs blocking calls, such as file I/O, off the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from penstockd.database.executors import Threads

T = TypeVar("T")
THREADS = 4


class BlockingPool:
    """Runs calls on a few threads, which start with the first call, or on a given executor.

    Cancelling the caller does not stop the call: a thread finishes what it has begun.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self._given = executor
        self._threads: Threads | None = None

    async def run(self, call: Callable[[], T]) -> T:
        return await asyncio.wrap_future((self._given or self._own()).submit(call))

    async def close(self) -> None:
        """Let the threads go when what they began is done; a later call starts others."""
        threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown(wait=False)

    def _own(self) -> Threads:
        if self._threads is None:
            self._threads = Threads(THREADS, "penstock-files")
        return self._threads
