"""A FIFO queue, bounded in memory, that the loop's thread sends in batches."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from penstock.errors import PenstockError, Unavailable
from penstock.ground.lasting_loggers import lasting_logger
from penstock.ground.loop_thread import LoopThread
from penstock.ground.patience import Patience
from penstock.recording.spool import Place, Spool

T = TypeVar("T")

LONGEST_BATCH = 1_000
HEAVIEST_BATCH = 2 * 1024 * 1024
BOUND = 20_000
# What is kept in memory while the service is away; all that is beyond goes to disk.
KEPT = 5_000
KEPT_BYTES = 8 * 1024 * 1024
# Entries that come within so many seconds go together; nobody waits for it at a barrier.
LINGER = 0.005

_logger = lasting_logger("penstock.recording")


class Send(Protocol[T]):
    """Sends a batch whose first item has this sequence, from 1; it is idempotent."""

    def __call__(self, first: int, batch: list[T], /) -> Awaitable[None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Whose thread sends, how long it goes on, and who hears when it cannot any more."""

    loop: LoopThread
    patience: Patience
    when_ended: Callable[[PenstockError], object] = lambda _error: None


class OrderedQueue(Generic[T]):
    """A thread-safe FIFO that delivers items in batches, in order, once.

    Any thread appends; only the loop's thread takes items out and sends them, in one task at
    a time, so that batches cannot overtake each other. Between the two there is no lock, since
    an append is on the path of every task call: a deque's ends are safe by themselves, and of
    the flag `_draining` it is enough that nobody who appends is overlooked (see `_drain`).

    A service that is slow makes who appends wait; one that is away does not: what comes
    meanwhile goes to disk, in the place of which the queue holds a mark.
    """

    def __init__(self, way: Way, send: Send[T], weigh: Callable[[T], int]) -> None:
        self._loop, self._send, self._weigh = way.loop, send, weigh
        self._way = way
        self._items: deque[T | _Mark] = deque()
        self._spool, self._away, self._disk_is_full = Spool(), False, False
        self._sent = 0
        self._draining = False
        self._task: asyncio.Task[None] | None = None
        self._hurry: asyncio.Event | None = None
        self._room = threading.Condition()
        self.error: PenstockError | None = None

    def append(self, item: T) -> None:
        """Queue one item; waits while the queue is full."""
        # First the item, then the look at the flag: `_drain` does it the other way round.
        self._items.append(item)
        if not self._draining:
            self._wake()
        if len(self._items) > BOUND:
            self._wait_for_room()

    def barrier(self) -> Future[None]:
        """Return what is done when all that was queued before is durable, or is lost."""
        mark = _Barrier()
        self._items.append(mark)
        self._loop.soon(self._be_quick)
        return mark.reached

    def _wake(self) -> None:
        # Several threads may come here at once: then `_begin` finds the task of the first.
        self._draining = True
        self._loop.soon(self._begin)

    def _begin(self) -> None:
        if self._task is None or self._task.done():
            self._hurry = asyncio.Event()
            self._task = self._loop.loop.create_task(self._drain(self._hurry))
            self._task.add_done_callback(self._stopped)

    def _be_quick(self) -> None:
        self._draining = True
        self._begin()
        if self._hurry is not None:
            self._hurry.set()

    async def _drain(self, hurry: asyncio.Event) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LINGER):
                    await hurry.wait()
            hurry.clear()
            while self._items:
                await self._send_some()
            # An appender adds its item and then reads the flag. If it read before this line,
            # its item is there already and is seen below; if it reads after it, it finds False
            # and wakes the next drain, which begins when this task is done.
            self._draining = False
            if not self._items:
                return
            self._draining = True

    async def _send_some(self) -> None:
        batch, mark = self._next_batch()
        try:
            if batch and self.error is None:
                await self._deliver(batch)
        except BaseException:
            # The loop stops, say. The mark goes back: `_stopped` settles all that are queued.
            if mark is not None:
                self._items.appendleft(mark)
            raise
        self._sent += len(batch)
        self._tell_of_room()
        if mark is not None:
            mark.settle(self.error)

    def _next_batch(self) -> tuple[list[T], _Barrier | None]:
        batch: list[T] = []
        weight = 0
        while self._items and len(batch) < LONGEST_BATCH:
            item = self._items[0]
            if isinstance(item, _Mark):
                if isinstance(item, _Barrier):
                    self._items.popleft()
                    return batch, item
                return batch or self._from_disk(), None
            weight += self._weigh(item)
            if batch and weight > HEAVIEST_BATCH:
                break
            self._items.popleft()
            batch.append(item)
        return batch, None

    async def _deliver(self, batch: list[T]) -> None:
        """Send until it is taken, however long that takes; only a refusal ends this queue."""
        try:
            await self._way.patience.without_end(
                lambda: self._send(self._sent + 1, batch), missed=self._missed
            )
        except PenstockError as error:
            self._end(error)
        except Exception as error:  # noqa: BLE001 - else whoever waits would wait for ever
            self._end(error)
        self._away = False

    def _end(self, error: BaseException) -> None:
        """Nothing more can be recorded."""
        if not isinstance(error, PenstockError):
            said = PenstockError(f"something cannot be recorded: {error!r}")
            said.__cause__ = error
            error = said
        self.error = error
        self._way.when_ended(error)

    def _missed(self) -> None:
        self._away = True
        self._to_disk()

    def _to_disk(self) -> None:
        """Make room in memory, unless the service answers; by the loop's thread."""
        if self._away and self._is_much():
            # Who appends meanwhile does so behind what is taken out here and put back.
            items = [self._items.popleft() for _ in range(len(self._items))]
            self._items.extendleft(reversed(list(self._spooled(items))))
            self._tell_of_room()

    def _is_much(self) -> bool:
        if len(self._items) > KEPT:
            return True
        # An appender may change it in this moment; a copy is made in one step.
        items = self._items.copy()
        return sum(self._weigh(it) for it in items if not isinstance(it, _Mark)) > KEPT_BYTES

    def _spooled(self, items: list[T | _Mark]) -> Iterator[T | _Mark]:
        """Yield a mark in place of each batch that could be put away, and the rest as it is."""
        batch: list[T] = []
        weight = 0
        for item in items:
            if isinstance(item, _Mark):
                yield from self._put_away(batch)
                batch, weight = [], 0
                yield item
                continue
            weight += self._weigh(item)
            if len(batch) == LONGEST_BATCH or (batch and weight > HEAVIEST_BATCH):
                yield from self._put_away(batch)
                batch, weight = [], self._weigh(item)
            batch.append(item)
        yield from self._put_away(batch)

    def _put_away(self, batch: list[T]) -> Iterator[T | _Mark]:
        if not batch:
            return
        try:
            place = self._spool.put(batch)
        except OSError as error:
            if not self._disk_is_full:
                self._disk_is_full = True
                _logger.warning(
                    "the records of this run cannot be kept on disk, so tasks wait: %s", error
                )
            yield from batch
        else:
            self._disk_is_full = False
            yield _OnDisk(place)

    def _from_disk(self) -> list[T]:
        mark = self._items.popleft()
        assert isinstance(mark, _OnDisk)  # noqa: S101 - the only mark that is no barrier
        try:
            return self._spool.take(mark.place)
        except OSError as error:
            self._end(error)
            return []

    def _stopped(self, drain: asyncio.Task[None]) -> None:
        """Whatever ended it early, nobody may wait for what is not sent."""
        if drain.cancelled():
            self.error = self.error or Unavailable("the connection was closed")
        elif (error := drain.exception()) is None:
            return
        else:
            self._end(error)
        self._draining = False
        while self._items:
            mark = self._items.popleft()
            if isinstance(mark, _Barrier):
                mark.settle(self.error)
        self._spool.close()
        self._tell_of_room()

    def _tell_of_room(self) -> None:
        # Under the condition's lock, so that who has just found the queue full waits by now.
        with self._room:
            self._room.notify_all()

    def _wait_for_room(self) -> None:
        if self._loop.is_current:
            # A line about the service itself: who makes room must not wait for it.
            return
        self._loop.soon(self._to_disk)
        with self._room:
            self._room.wait_for(lambda: len(self._items) <= BOUND // 2 or self.error)


class _Mark:
    """Stands between items, and is none itself."""


class _OnDisk(_Mark):
    """A batch that was put away."""

    def __init__(self, place: Place) -> None:
        self.place = place


class _Barrier(_Mark):
    """Who waits for all that was queued before."""

    def __init__(self) -> None:
        self.reached: Future[None] = Future()

    def settle(self, error: PenstockError | None) -> None:
        if error is None:
            self.reached.set_result(None)
        else:
            self.reached.set_exception(error)
