"""Workers that wait for a run, in the order of their coming, and whom a new run wakes.

One run wakes one worker: a hint goes to the first that serves the run's queue and has no
hint yet, and who leaves with a hint unused hands it on. Hints may come for nothing, so a
worker that was woken looks; and they may be lost with another process, so that among those
who wait for the same queues the first one also looks by itself, at least once a second.

All of it runs on one loop, and only `rest` awaits: lines and hints change whole. No hint falls
between a look and the rest after it, since a look takes the old hint before it begins, and a
hint from then on ends the rest at once. A hint that finds nobody in line is not missed: whoever
comes later looks before it rests.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from penstockd.scheduler.peers import WaitingRun
from penstockd.scheduler.usecases.namespaces import Namespaces

LOOK_AGAIN = timedelta(seconds=1)
REMEMBERED = 100
SHORTEST_PAUSE = timedelta(milliseconds=10)


@dataclass(slots=True, kw_only=True, eq=False)
class Waiter:
    """No queues means all of the pool."""

    namespace: str
    work_pool: str
    work_queues: tuple[str, ...]
    hinted: bool = False
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """A hint from now on is a new one; a look that failed leaves its hint to others."""
        self.hinted = False
        try:
            yield
        except BaseException:
            self.hinted = True
            raise

    def serves(self, work_queue: str) -> bool:
        return not self.work_queues or work_queue in self.work_queues


class Waiters:
    def __init__(self, namespaces: Namespaces, *, look_again: timedelta = LOOK_AGAIN) -> None:
        self._namespaces = namespaces
        self._look_again = look_again
        # The caller tells of its run at once, and the feed soon after.
        self._told: deque[tuple[UUID, int]] = deque(maxlen=REMEMBERED)
        self._lines: dict[tuple[str, str], list[Waiter]] = {}
        self._look_at: dict[tuple[str, str, tuple[str, ...]], float] = {}

    @contextmanager
    def waiting(
        self, namespace: str, work_pool: str, work_queues: tuple[str, ...]
    ) -> Iterator[Waiter]:
        """Stand in line until the block ends."""
        self._namespaces.add(namespace)
        waiter = Waiter(namespace=namespace, work_pool=work_pool, work_queues=work_queues)
        line = self._lines.setdefault((namespace, work_pool), [])
        line.append(waiter)
        try:
            yield waiter
        finally:
            was_first = self._first_like(waiter) is waiter
            line.remove(waiter)
            self._hand_over(waiter, was_first=was_first)

    async def rest(self, waiter: Waiter, *, end: float, next_due: timedelta | None) -> None:
        """Return when there may be a run for the waiter, or at the end, in the loop's time."""
        now = asyncio.get_running_loop().time()
        pause = self._look_again
        if next_due is not None:
            pause = max(SHORTEST_PAUSE, min(pause, next_due))
        key = (waiter.namespace, waiter.work_pool, waiter.work_queues)
        self._look_at[key] = now + pause.total_seconds()
        # Who is first, and how long it may rest, changes while it waits: the first one leaves,
        # and the next is stirred to take over its time.
        while not waiter.hinted:
            first = self._first_like(waiter) is waiter
            until = min(end, self._look_at[key]) if first else end
            try:
                async with asyncio.timeout_at(until):
                    await waiter.stirred.wait()
            except TimeoutError:
                # A stir of this moment stays set, and costs the next rest one more turn.
                return
            waiter.stirred.clear()

    def hint(self, namespace: str, run: WaitingRun) -> None:
        """A run waits: one of those who serve its queue shall look. Told twice, it is one."""
        if (told := (run.id, run.revision)) in self._told:
            return
        self._told.append(told)
        for waiter in self._lines.get((namespace, run.work_pool), ()):
            if waiter.serves(run.work_queue) and not waiter.hinted:
                _stir(waiter)
                return

    def hint_all(self, namespace: str) -> None:
        """Nobody knows what happened: all shall look."""
        for (of_namespace, _), line in self._lines.items():
            for waiter in line if of_namespace == namespace else ():
                _stir(waiter)

    def _hand_over(self, waiter: Waiter, *, was_first: bool) -> None:
        place = (waiter.namespace, waiter.work_pool)
        following = self._first_like(waiter)
        if following is None:
            self._look_at.pop((*place, waiter.work_queues), None)
        elif was_first:
            following.stirred.set()  # it keeps the time from now on
        if waiter.hinted:
            self._hand_on(waiter)
        if not self._lines[place]:
            del self._lines[place]

    def _hand_on(self, leaving: Waiter) -> None:
        """The hint does not say which queue it was for: the first that shares one looks."""
        for waiter in self._lines[leaving.namespace, leaving.work_pool]:
            shared = not (leaving.work_queues and waiter.work_queues) or set(
                leaving.work_queues
            ) & set(waiter.work_queues)
            if shared and not waiter.hinted:
                _stir(waiter)
                return

    def _first_like(self, waiter: Waiter) -> Waiter | None:
        line = self._lines[waiter.namespace, waiter.work_pool]
        return next((each for each in line if each.work_queues == waiter.work_queues), None)


def _stir(waiter: Waiter) -> None:
    waiter.hinted = True
    waiter.stirred.set()
