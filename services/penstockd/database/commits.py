"""Notifies listeners of the next commit, of this process or of another."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta


class Wakeups:
    """Commits, for every event loop that asks.

    `elsewhere` says whether another process may have committed since it was last called.
    It is called every `interval`, and only while somebody waits.
    """

    def __init__(
        self, elsewhere: Callable[[], Awaitable[bool]] | None, *, interval: timedelta
    ) -> None:
        self._elsewhere = elsewhere
        self._interval = interval.total_seconds()
        self._next: dict[asyncio.AbstractEventLoop, asyncio.Event] = {}
        self._waiting: dict[asyncio.AbstractEventLoop, int] = {}
        self._polls: dict[asyncio.AbstractEventLoop, asyncio.Task[None]] = {}

    def listen(self) -> asyncio.Event:
        return self._next.setdefault(asyncio.get_running_loop(), asyncio.Event())

    async def wait(self, commit: asyncio.Event, at_most: timedelta, /) -> bool:
        if commit.is_set():
            return True
        loop = asyncio.get_running_loop()
        self._waiting[loop] = self._waiting.get(loop, 0) + 1
        self._poll(loop)
        try:
            async with asyncio.timeout(max(0.0, at_most.total_seconds())):
                return await commit.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting[loop] -= 1

    def loops(self) -> list[asyncio.AbstractEventLoop]:
        """Return those on which somebody listens; from any thread."""
        return list(self._next)

    def wake(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell the listeners of this loop; on its thread only."""
        commit = self._next.pop(loop, None)
        if commit is not None:
            commit.set()

    def forget(self, loop: asyncio.AbstractEventLoop) -> None:
        self._next.pop(loop, None)

    async def close(self) -> None:
        loop = asyncio.get_running_loop()
        poll = self._polls.pop(loop, None)
        if poll is not None:
            poll.cancel()
            with suppress(asyncio.CancelledError):
                await poll
        self.wake(loop)

    def _poll(self, loop: asyncio.AbstractEventLoop) -> None:
        running = self._polls.get(loop)
        if self._elsewhere is not None and (running is None or running.done()):
            self._polls[loop] = loop.create_task(self._look_elsewhere(self._elsewhere))

    async def _look_elsewhere(self, elsewhere: Callable[[], Awaitable[bool]]) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting.get(loop):
            await asyncio.sleep(self._interval)
            if await elsewhere():
                self.wake(loop)
