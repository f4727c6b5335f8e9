"""The one private event loop of the SDK, on a thread of its own: it makes all calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from penstock.ground.lasting_loop import LastingLoop

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for callers on other threads until it is stopped.

    What runs on the loop is alone there between two awaits, so that state which only the loop
    touches needs no lock; other threads hand over work by `submit`, `run` and `soon`, which
    are safe from anywhere. User code never runs here: it could block every other run's calls.
    """

    def __init__(self) -> None:
        self.loop = LastingLoop()
        self._thread = threading.Thread(target=self._run, name="penstock-loop", daemon=True)
        self._thread.start()

    @property
    def is_current(self) -> bool:
        """Whether the caller is on this thread, where nothing may block."""
        return threading.current_thread() is self._thread

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
            # The thread is a daemon: one that hangs in a call must not hold up the exit.
            self._thread.join(within)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            # Who waits for one of these gets CancelledError; nobody can add more, since what
            # is handed over from now on finds a closed loop.
            left = asyncio.all_tasks(self.loop)
            for task in left:
                task.cancel()
            if left:
                self.loop.run_until_complete(asyncio.wait(left, timeout=2.0))
            self.loop.close()
