"""Follows a feed of the state service in every namespace where workers take runs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from datetime import datetime, timedelta

from penstock.errors import CursorExpired, CursorInvalid, DeadlineExceeded, Unavailable
from penstockd.chassis.loops import pause_after, tell
from penstockd.scheduler.peers import StateService
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.waiters import Waiters
from penstockd.scheduler.usecases.worker import Workers

# A tick ends in good order before the loop's own limit would cut it.
TICK = timedelta(minutes=20)
TICK_LIMIT = timedelta(minutes=21)
RECONNECT = timedelta(seconds=1)

Follow = Callable[[str], Awaitable[None]]
Recall = Callable[[], Awaitable[Sequence[str]]]


async def nothing() -> Sequence[str]:
    return ()


class Following:
    """Its tick lasts until there is one more namespace, or for a long while."""

    def __init__(
        self, namespaces: Namespaces, follow: Follow, *, recall: Recall = nothing
    ) -> None:
        self._namespaces = namespaces
        self._follow = follow
        self._recall = recall

    async def tick(self, _now: datetime) -> timedelta:
        self._namespaces.add(*await self._recall())
        followed = self._namespaces.known
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK.total_seconds()), asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._always(each)) for each in followed]
                await self._namespaces.beyond(followed)
                for task in tasks:
                    task.cancel()
        return timedelta(0)

    async def _always(self, namespace: str) -> None:
        failures = 0
        while True:
            try:
                await self._follow(namespace)
                failures = 0
            except (Unavailable, DeadlineExceeded):
                pass
            except Exception as error:  # noqa: BLE001 - other namespaces are followed on
                failures += 1
                told: dict[str, object] = {"namespace": namespace, "failures": failures}
                tell("namespace.not_followed", error, told)
            pause = pause_after(failures) if failures else RECONNECT
            await asyncio.sleep(pause.total_seconds())


class RunFeed:
    """A run that begins to wait wakes a worker, whichever process made it."""

    def __init__(self, state: StateService, waiters: Waiters) -> None:
        self._state = state
        self._waiters = waiters
        self._cursors: dict[str, str] = {}

    async def follow(self, namespace: str) -> None:
        cursor = self._cursors.get(namespace, "")
        try:
            async with aclosing(self._state.watch_runs(namespace, cursor)) as feed:
                async for news in feed:
                    self._cursors[namespace] = news.cursor
                    for run in news.waiting:
                        self._waiters.hint(namespace, run)
        except (CursorExpired, CursorInvalid):
            del self._cursors[namespace]
            self._waiters.hint_all(namespace)


class SessionFeed:
    """Which workers are alive is kept as the state service tells it."""

    def __init__(self, state: StateService, workers: Workers) -> None:
        self._state = state
        self._workers = workers
        self._cursors: dict[str, str] = {}

    async def follow(self, namespace: str) -> None:
        cursor = self._cursors.get(namespace) or await self._workers.learnt(namespace)
        try:
            async with aclosing(self._state.watch_sessions(namespace, cursor)) as feed:
                async for news in feed:
                    # Empty batches come four times a minute: only what says something is kept.
                    if news.alive or not cursor:
                        await self._workers.learn(namespace, news)
                    self._cursors[namespace] = cursor = news.cursor
        except (CursorExpired, CursorInvalid):
            self._cursors.pop(namespace, None)
            await self._workers.unlearn(namespace)
