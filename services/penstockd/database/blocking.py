"""Work that would block the event loop, such as that on files, beside it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
THREADS = 4


class Blocking:
    """Runs calls on a few threads, which start with the first call, or on a given executor.

    Who stops waiting does not stop the call: a thread brings to its end what it has begun.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor or ThreadPoolExecutor(THREADS, "penstock-files")

    async def run(self, call: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._executor.submit(call))
