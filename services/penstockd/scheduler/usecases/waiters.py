"""Workers that wait for a run, first come first served, and whom a new run wakes.

One run wakes one worker: a hint goes to the first that could be handed the run and has no hint
yet. Whoever leaves hands on the hints of runs that it did not get: its look may have found
another run, which came first and had woken somebody who can start nothing else. Hints may come
for nothing, so a worker that was woken looks; and they may be lost with another process, so
that among those who want the same the first one also looks by itself, at least once a second.

A hint for which nobody is free may be dropped: all whom it could have woken have another one,
so they look after it, and whoever comes later looks before it rests.

All of it runs on one loop, and only `rest` awaits: lines and hints change whole. No hint falls
between a look and the rest after it, since a look takes the old hints before it begins, and a
hint from then on ends the rest at once.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from penstockd.scheduler.peers import WaitingRun
from penstockd.scheduler.usecases.namespaces import Namespaces

LOOK_AGAIN = timedelta(seconds=1)
REMEMBERED = 100
SHORTEST_PAUSE = timedelta(milliseconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which runs somebody waits for. No queues means all of the pool."""

    namespace: str
    work_pool: str
    work_queues: tuple[str, ...]
    programs: frozenset[str]

    def includes(self, run: WaitingRun) -> bool:
        of_queue = not self.work_queues or run.work_queue in self.work_queues
        return of_queue and run.program in self.programs


@dataclass(slots=True, kw_only=True, eq=False)
class Waiter:
    """`hints` are runs for which it shall look; without any it may be told to look as well."""

    wanted: Wanted
    hinted: bool = False
    hints: list[WaitingRun] = field(default_factory=list)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def looking(self) -> Iterator["Look"]:
        """A hint from now on is a new one; a look that failed leaves its hints to others."""
        taken, self.hints, self.hinted = self.hints, [], False
        look = Look()
        try:
            yield look
        except BaseException:
            self.hints[:0] = taken
            raise
        if look.got:
            # It leaves now: what it was woken for, and did not get, is for others.
            self.hints = [it for it in (*taken, *self.hints) if it.id not in look.got]

    def stir(self, run: WaitingRun | None = None) -> None:
        """Tell it to look, for a run or for whatever there is."""
        self.hints += [run] if run else []
        self.hinted = True
        self.stirred.set()


@dataclass(slots=True)
class Look:
    """What a look found: the ids of the runs that it got."""

    got: Collection[UUID] = ()


class Waiters:
    def __init__(self, namespaces: Namespaces, *, look_again: timedelta = LOOK_AGAIN) -> None:
        self._namespaces = namespaces
        self._look_again = look_again
        # The caller tells of its run at once, and the feed soon after.
        self._told: deque[tuple[UUID, int]] = deque(maxlen=REMEMBERED)
        self._lines: dict[tuple[str, str], list[Waiter]] = {}
        self._look_at: dict[Wanted, float] = {}

    @contextmanager
    def waiting(self, wanted: Wanted) -> Iterator[Waiter]:
        """Stand in line until the block ends."""
        self._namespaces.add(wanted.namespace)
        waiter = Waiter(wanted=wanted)
        line = self._lines.setdefault(_place(wanted), [])
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
        self._look_at[waiter.wanted] = now + pause.total_seconds()
        # Who is first, and how long it may rest, changes while it waits: the first one leaves,
        # and the next is stirred to take over its time.
        while not waiter.hinted:
            first = self._first_like(waiter) is waiter
            until = min(end, self._look_at[waiter.wanted]) if first else end
            try:
                async with asyncio.timeout_at(until):
                    await waiter.stirred.wait()
            except TimeoutError:
                # A stir of this moment stays set, and costs the next rest one more turn.
                return
            waiter.stirred.clear()

    def hint(self, namespace: str, run: WaitingRun) -> None:
        """A run waits: one of those who could get it shall look. Told twice, it is one."""
        if (told := (run.id, run.revision)) in self._told:
            return
        self._told.append(told)
        self._wake(namespace, run)

    def hint_all(self, namespace: str) -> None:
        """Nobody knows what happened: all shall look."""
        for (of_namespace, _), line in self._lines.items():
            for waiter in line if of_namespace == namespace else ():
                waiter.stir()

    def _wake(self, namespace: str, run: WaitingRun) -> None:
        for waiter in self._lines.get((namespace, run.work_pool), ()):
            if not waiter.hinted and waiter.wanted.includes(run):
                waiter.stir(run)
                return

    def _hand_over(self, waiter: Waiter, *, was_first: bool) -> None:
        wanted = waiter.wanted
        following = self._first_like(waiter)
        if following is None:
            self._look_at.pop(wanted, None)
        elif was_first:
            following.stirred.set()  # it keeps the time from now on
        for run in waiter.hints:
            self._wake(wanted.namespace, run)
        if not self._lines[_place(wanted)]:
            del self._lines[_place(wanted)]

    def _first_like(self, waiter: Waiter) -> Waiter | None:
        line = self._lines[_place(waiter.wanted)]
        return next((each for each in line if each.wanted == waiter.wanted), None)


def _place(wanted: Wanted) -> tuple[str, str]:
    return wanted.namespace, wanted.work_pool
