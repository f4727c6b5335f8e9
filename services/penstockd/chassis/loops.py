"""Background loops: each ticks, says when it wants to run next, and may be woken early."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextvars import Context
from datetime import datetime, timedelta
from functools import partial

from penstock.errors import PenstockError
from penstockd.chassis.clock import Clock
from penstockd.chassis.logs import in_full

logger = logging.getLogger(__name__)

Tick = Callable[[datetime], Awaitable[timedelta]]

TICK_LIMIT = timedelta(minutes=1)
FIRST_PAUSE = timedelta(milliseconds=100)
LONGEST_PAUSE = timedelta(seconds=30)
STOP_LIMIT = timedelta(seconds=5)


class Loop:
    """A named loop. Its tick gets the time and returns the delay until the next one."""

    def __init__(self, name: str, tick: Tick, *, limit: timedelta = TICK_LIMIT) -> None:
        self.name = name
        self.tick = tick
        self.limit = limit
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Run the next tick now, or at once after the one that runs."""
        self._woken.set()

    async def rest(self, delay: timedelta) -> None:
        """Return after the delay, or earlier when woken."""
        # A wake-up during the tick is still set here, and ends the rest at once. From clearing
        # it to the start of the next tick there is no await: whatever wakes later is kept.
        try:
            async with asyncio.timeout(max(0.0, delay.total_seconds())):
                await self._woken.wait()
        except TimeoutError:
            return
        finally:
            self._woken.clear()


class LoopRunner:
    """Runs loops, each in a task of its own, until it is stopped."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, loops: Iterable[Loop]) -> None:
        """Add loops; a service that is mounted later may bring more."""
        # A context of its own: a loop must not inherit the deadline or span of a call.
        create = partial(asyncio.get_running_loop().create_task, context=Context())
        self._tasks += [create(_run(loop, self._clock), name=loop.name) for loop in loops]

    async def stop(self) -> None:
        """Cancel every loop and return when the last one has ended, or would not."""
        # Taken over before the first await: loops that start meanwhile are another stop's.
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            _, still = await asyncio.wait(tasks, timeout=STOP_LIMIT.total_seconds())
            for task in still:
                logger.error("loop.stuck", extra={"loop": task.get_name()})


async def _run(loop: Loop, clock: Clock) -> None:
    failures = 0
    while True:
        try:
            async with asyncio.timeout(loop.limit.total_seconds()):
                delay: timedelta = await loop.tick(clock())
            failures = 0
        except Exception as error:  # noqa: BLE001 - the edge of the process
            delay = pause_after(failures)
            failures += 1
            tell("loop.failed", error, {"loop": loop.name, "failures": failures})
        await loop.rest(delay)


def tell(event: str, error: Exception, facts: dict[str, object]) -> None:
    """Tell of a full disk or a lost peer in a line; only a bug needs its traceback."""
    if isinstance(error, PenstockError):
        logger.warning(event, extra={**facts, "why": in_full(error)})
    else:
        logger.error(event, extra=facts, exc_info=error)


def pause_after(failures: int) -> timedelta:
    """Return how long a loop rests that failed again after so many failures in a row."""
    return min(FIRST_PAUSE * (1 << min(failures, 16)), LONGEST_PAUSE)
