"""One reader of a feed wakes those whom a change concerns, and nobody else."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from builders import NOON, an_id
from hanging import HANG_LIMIT
from penstock.errors import StorageUnavailable
from penstockd.database import feed_hub
from penstockd.database.change_feed import Change, Interest
from penstockd.database.commits import Wakeups
from penstockd.database.feed_hub import AT_ONCE, FeedHub, Subscription

pytestmark = pytest.mark.asyncio
HOUR = timedelta(hours=1)
RUN, OTHER_RUN = an_id(), an_id()


class Feed:
    """Changes in a list, and how often somebody read it."""

    def __init__(self) -> None:
        self.commits = Wakeups(None, interval=HOUR)
        self.changes: list[Change] = []
        self.reads = 0
        self.failure: Exception | None = None

    async def read(self, cursor: str) -> tuple[str, Sequence[Change]]:
        self.reads += 1
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        first = int(cursor or len(self.changes) + 1)
        return str(len(self.changes) + 1), self.changes[first - 1 :]

    def commit(self, *, of: UUID = RUN, namespace: str = "default", kind: str = "run") -> None:
        change = Change(
            namespace=namespace,
            kind=kind,
            resource_id=of,
            scope_id=of,
            seq=len(self.changes),
            create_time=NOON,
        )
        self.changes.append(change)
        self.commits.wake(asyncio.get_running_loop())


@pytest_asyncio.fixture
async def feed() -> AsyncIterator[Feed]:
    feed = Feed()
    yield feed
    await feed.commits.close()


def interest(
    of: UUID | None = None, *, namespace: str = "default", kind: str = "run"
) -> Interest:
    return Interest(namespace=namespace, kinds=(kind,), scope_id=of)


async def settled() -> None:
    """Let everybody have their turns who wait for nothing else."""
    for _ in range(50):
        await asyncio.sleep(0)


async def listening(hub: FeedHub, subscription: Subscription) -> asyncio.Event:
    await hub.reading()
    await settled()
    return subscription.listen()


async def test_a_change_wakes_those_whom_it_concerns(feed: Feed) -> None:
    hub = FeedHub(feed.read, feed.commits)
    interests = [
        interest(RUN),
        interest(),
        interest(OTHER_RUN),
        interest(namespace="other"),
        interest(RUN, kind="session"),
    ]
    with ExitStack() as stack:
        subscriptions = [stack.enter_context(hub.subscribed(each)) for each in interests]
        heard = [await listening(hub, each) for each in subscriptions]
        feed.commit(of=RUN)
        await settled()
        assert [each.is_set() for each in heard] == [True, True, False, False, False]


async def test_however_many_watch_a_commit_is_read_once(feed: Feed) -> None:
    hub = FeedHub(feed.read, feed.commits)
    with ExitStack() as stack:
        watches = [stack.enter_context(hub.subscribed(interest(an_id()))) for _ in range(500)]
        heard = [await listening(hub, each) for each in watches[:5]]
        before = feed.reads
        feed.commit(of=RUN)
        await settled()
        assert feed.reads == before + 1
        assert not any(each.is_set() for each in heard)


async def test_those_who_are_woken_together_read_together(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_hub, "PACE", timedelta(0))
    hub = FeedHub(feed.read, feed.commits)
    read: list[int] = []

    async def reading() -> int:
        read.append(1)
        return len(read)

    with ExitStack() as stack:
        watches = [stack.enter_context(hub.subscribed(interest())) for _ in range(100)]
        heard = [await listening(hub, each) for each in watches[:1]] + [
            each.listen() for each in watches[1:]
        ]
        feed.commit()
        for each in heard:
            async with asyncio.timeout(HANG_LIMIT):
                await each.wait()
        found = [await each.shared("key", reading) for each in watches]
    # Those who are told at once, and the crowd.
    assert sorted(Counter(found).values()) == [AT_ONCE, 100 - AT_ONCE]


async def test_who_was_woken_reads_anew_after_it_has_waited(feed: Feed) -> None:
    hub = FeedHub(feed.read, feed.commits)
    read: list[int] = []

    async def reading() -> int:
        read.append(1)
        return len(read)

    with hub.subscribed(interest()) as watch:
        await listening(hub, watch)
        feed.commit()
        await settled()
        assert [await watch.shared("key", reading) for _ in range(2)] == [1, 1]
        await watch.wait(watch.listen(), timedelta(0))
        assert await watch.shared("key", reading) == 2


async def test_in_a_lull_a_watch_reads_only_if_the_feed_went_on(feed: Feed) -> None:
    hub = FeedHub(feed.read, feed.commits)
    with hub.subscribed(interest(OTHER_RUN)) as watch:
        heard = await listening(hub, watch)
        assert not await watch.wait(heard, timedelta(0))
        feed.commit(of=RUN)
        await settled()
        assert await watch.wait(heard, timedelta(0))


async def test_a_failed_reading_wakes_all_and_the_next_one_goes_on(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_hub, "AFTER_A_FAILURE", timedelta(0))
    hub = FeedHub(feed.read, feed.commits)
    with hub.subscribed(interest(OTHER_RUN)) as watch:
        for failure in (StorageUnavailable("away"), ValueError("a bug")):
            heard = await listening(hub, watch)
            feed.failure = failure
            feed.commit(of=RUN)
            async with asyncio.timeout(HANG_LIMIT):
                await heard.wait()
        heard = await listening(hub, watch)
        feed.commit(of=OTHER_RUN)
        await settled()
        assert heard.is_set()


async def test_nobody_reads_when_nobody_watches(feed: Feed) -> None:
    hub = FeedHub(feed.read, feed.commits)
    with hub.subscribed(interest()) as watch:
        await listening(hub, watch)
    before = feed.reads
    feed.commit()
    await settled()
    assert feed.reads == before
    with hub.subscribed(interest()) as watch:
        heard = await listening(hub, watch)
        feed.commit()
        await settled()
        assert heard.is_set()
