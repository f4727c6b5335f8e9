"""One reader of a feed for all who watch it: each is woken by what concerns it alone.

Thousands of watches stand on one service, and most commits concern none of them. So one task
reads what was committed, and looks up whom to wake; who is woken reads for itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from penstock.errors import CursorExpired, PenstockError
from penstockd.database.change_feed import BATCH_SIZE, Change, Interest
from penstockd.database.ports import Commits

logger = logging.getLogger(__name__)

T = TypeVar("T")
Read = Callable[[str], Awaitable[tuple[str, Sequence[Change]]]]
Place = tuple[str, UUID | None]

LULL = timedelta(seconds=15)
AFTER_A_FAILURE = timedelta(seconds=1)
# What concerns more than these is told to the others in rounds, a few of them in each turn of
# the loop: a crowd that watches everything takes no time from the calls that do something.
AT_ONCE = 16
OF_THE_CROWD = 4
PACE = timedelta(milliseconds=8)


class Subscription:
    """What one watch listens to; it stands where a watch would listen to all commits."""

    def __init__(self, hub: FeedHub, kinds: tuple[str, ...]) -> None:
        self._hub = hub
        self._kinds = kinds
        self._news = asyncio.Event()
        self._read_at = ""
        self._round: Round | None = None

    def listen(self) -> asyncio.Event:
        if self._news.is_set():
            self._news = asyncio.Event()
        self._read_at = self._hub.cursor
        return self._news

    async def wait(self, commit: asyncio.Event, at_most: timedelta, /) -> bool:
        if not commit.is_set():
            self._round = None
        try:
            async with asyncio.timeout(max(0.0, at_most.total_seconds())):
                return await commit.wait()
        except TimeoutError:
            # Reading once more brings a cursor that is not left behind by the feed.
            return self._read_at != self._hub.cursor

    def concerned(self, kind: str) -> bool:
        return not self._kinds or kind in self._kinds

    def wake(self, of: Round) -> None:
        self._round = of
        self._news.set()

    async def shared(self, key: Hashable, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Read, or take what another one of the same round has read by the same key.

        What commits after that reading wakes this one again, in another round.
        """
        return await (read() if self._round is None else self._round.shared(key, read))


class Round:
    """What those have read who were woken together. None of it is older than what woke them."""

    def __init__(self) -> None:
        self._readings: dict[Hashable, asyncio.Task[Any]] = {}

    async def shared(self, key: Hashable, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if key not in self._readings:
            self._readings[key] = asyncio.create_task(read())
        # One who leaves does not take the reading from the others.
        found: T = await asyncio.shield(self._readings[key])
        return found


class FeedHub:
    """Belongs to one event loop, and reads only while somebody is subscribed.

    A watch subscribes, waits until the hub reads, and then reads for itself. What commits
    before the hub's first position, that reading sees; what commits after it, the hub tells.
    """

    def __init__(self, read: Read, commits: Commits) -> None:
        self._read = read
        self._commits = commits
        self._places: dict[Place, set[Subscription]] = defaultdict(set)
        self._count = 0
        self._crowd: dict[Subscription, None] = {}
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._reads = asyncio.Event()
        self._gathered = asyncio.Event()
        self.cursor = ""

    @contextmanager
    def subscribed(self, interest: Interest) -> Iterator[Subscription]:
        assert interest.namespace is not None, "a watch is of one namespace"  # noqa: S101
        place = interest.namespace, interest.scope_id
        subscription = Subscription(self, interest.kinds)
        self._places[place].add(subscription)
        self._count += 1
        if not self._tasks:
            self._tasks = (
                asyncio.create_task(self._run(), name="feed-hub"),
                asyncio.create_task(self._tell_the_crowd(), name="feed-crowd"),
            )
        try:
            yield subscription
        finally:
            self._count -= 1
            self._crowd.pop(subscription, None)
            self._places[place].discard(subscription)
            if not self._places[place]:
                del self._places[place]
            if not self._count:
                self._rest()

    async def reading(self) -> None:
        """Return once what commits from now on is told."""
        await self._reads.wait()

    def _rest(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks, self.cursor = (), ""
        self._reads.clear()

    async def _run(self) -> None:
        while True:
            try:
                await self._follow()
            except CursorExpired:
                self.cursor = ""
            except PenstockError as error:
                logger.warning("feed.unread", extra={"why": str(error)})
                await self._begin_anew()
            except Exception:  # the edge of a loop: without it no watch hears anything
                logger.exception("feed.failed")
                await self._begin_anew()

    async def _begin_anew(self) -> None:
        """Who watches asks the database too, and is told in its own call."""
        self.cursor = ""
        self._reads.set()
        self._wake_all()
        await asyncio.sleep(AFTER_A_FAILURE.total_seconds())

    async def _follow(self) -> None:
        while True:
            commit = self._commits.listen()
            began = not self.cursor
            self.cursor, changes = await self._read(self.cursor)
            if began:
                self._reads.set()
                # Nobody knows what was committed since the one before.
                self._wake_all()
            self._wake(self._concerned(changes))
            if len(changes) < BATCH_SIZE:
                await self._commits.wait(commit, LULL)

    def _concerned(self, changes: Sequence[Change]) -> dict[Subscription, None]:
        found: dict[Subscription, None] = {}
        for change in changes:
            for scope_id in {change.scope_id, None}:
                listening = self._places.get((change.namespace, scope_id), ())
                found |= dict.fromkeys(it for it in listening if it.concerned(change.kind))
        return found

    def _wake_all(self) -> None:
        self._wake(dict.fromkeys(it for all_ in self._places.values() for it in all_))

    def _wake(self, concerned: dict[Subscription, None]) -> None:
        of = Round()
        for subscription in islice(concerned, AT_ONCE):
            subscription.wake(of)
        self._crowd |= dict.fromkeys(islice(concerned, AT_ONCE, None))
        if self._crowd:
            self._gathered.set()

    async def _tell_the_crowd(self) -> None:
        while True:
            await self._gathered.wait()
            self._gathered.clear()
            # Who is concerned again from here on is told again, in another round.
            crowd, self._crowd = list(self._crowd), {}
            of = Round()
            for first in range(0, len(crowd), OF_THE_CROWD):
                for subscription in crowd[first : first + OF_THE_CROWD]:
                    subscription.wake(of)
                await asyncio.sleep(PACE.total_seconds())
