"""The one private event loop of the SDK, on a thread of its own: it makes all calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for callers on other threads until it is stopped."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="penstock-loop", daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start the coroutine in the caller's context; its outcome arrives in the future."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for the coroutine's outcome; never on the loop's own thread."""
        return self.submit(work).result()

    def soon(self, act: Callable[[], object]) -> None:
        self.loop.call_soon_threadsafe(act)

    def stop(self, within: float = 5.0) -> None:
        """End the loop and its tasks, and the thread."""
        if self._thread.is_alive():
            self.soon(self.loop.stop)
            self._thread.join(within)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            left = asyncio.all_tasks(self.loop)
            for task in left:
                task.cancel()
            if left:
                self.loop.run_until_complete(asyncio.wait(left, timeout=2.0))
            self.loop.close()
