"""A bounded FIFO queue that the loop's thread sends in batches."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from penstock.errors import PenstockError, Unavailable
from penstock.ground.loop_thread import LoopThread
from penstock.ground.patience import patiently

T = TypeVar("T")

LONGEST_BATCH = 1_000
HEAVIEST_BATCH = 2 * 1024 * 1024
BOUND = 20_000
# Entries that come within so many seconds go together; nobody waits for it at a barrier.
LINGER = 0.005


class Send(Protocol[T]):
    """Sends a batch whose first item has this sequence, from 1; it is idempotent."""

    def __call__(self, first: int, batch: list[T], /) -> Awaitable[None]: ...


class OrderedQueue(Generic[T]):
    """A thread-safe FIFO that delivers items in batches, in order, once.

    Any thread appends; only the loop's thread takes items out and sends them, in one task at
    a time, so that batches cannot overtake each other. Between the two there is no lock, since
    an append is on the path of every task call: a deque's ends are safe by themselves, and of
    the flag `_draining` it is enough that nobody who appends is overlooked (see `_drain`).
    """

    def __init__(self, loop: LoopThread, send: Send[T], weigh: Callable[[T], int]) -> None:
        self._loop, self._send, self._weigh = loop, send, weigh
        self._items: deque[T | _Barrier] = deque()
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
        except asyncio.CancelledError:
            # The loop stops. The mark goes back, for `_stopped` settles all that are queued.
            if mark is not None:
                self._items.appendleft(mark)
            raise
        self._sent += len(batch)
        # Under the condition's lock, so that who has just found the queue full waits by now.
        with self._room:
            self._room.notify_all()
        if mark is not None:
            mark.settle(self.error)

    def _next_batch(self) -> tuple[list[T], _Barrier | None]:
        batch: list[T] = []
        weight = 0
        while self._items and len(batch) < LONGEST_BATCH:
            item = self._items[0]
            if isinstance(item, _Barrier):
                self._items.popleft()
                return batch, item
            weight += self._weigh(item)
            if batch and weight > HEAVIEST_BATCH:
                break
            self._items.popleft()
            batch.append(item)
        return batch, None

    async def _deliver(self, batch: list[T]) -> None:
        """Send until it is taken; a refusal, or a server long away, ends this queue."""
        try:
            await patiently(lambda: self._send(self._sent + 1, batch))
        except PenstockError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - else whoever waits would wait for ever
            self.error = PenstockError(f"something cannot be recorded: {error!r}")
            self.error.__cause__ = error

    def _stopped(self, drain: asyncio.Task[None]) -> None:
        """When the loop stops, nobody may wait for what is not sent."""
        if not drain.cancelled():
            return
        self.error = self.error or Unavailable("the connection was closed")
        while self._items:
            _, mark = self._next_batch()
            if mark is not None:
                mark.settle(self.error)
        with self._room:
            self._room.notify_all()

    def _wait_for_room(self) -> None:
        with self._room:
            self._room.wait_for(lambda: len(self._items) <= BOUND // 2 or self.error)


class _Barrier:
    """A mark in the queue, and who waits for it."""

    def __init__(self) -> None:
        self.reached: Future[None] = Future()

    def settle(self, error: PenstockError | None) -> None:
        if error is None:
            self.reached.set_result(None)
        else:
            self.reached.set_exception(error)
