import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from penstock.errors import StorageFull
from penstock.wire_channels import bounded_by_deadline, set_deadline
from penstockd.chassis.loops import LONGEST_PAUSE, Loop, LoopRunner, pause_after

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NEVER = timedelta(days=1)

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def running(*loops: Loop) -> AsyncIterator[None]:
    runner = LoopRunner(lambda: NOON)
    runner.start(loops)
    yield
    await runner.stop()


async def test_a_tick_gets_the_time_and_says_when_it_wants_to_run_next() -> None:
    ticks: asyncio.Queue[datetime] = asyncio.Queue()

    async def tick(now: datetime) -> timedelta:
        ticks.put_nowait(now)
        return timedelta(0)

    async with running(Loop("busy", tick)):
        assert [await ticks.get(), await ticks.get()] == [NOON, NOON]


async def test_a_resting_loop_can_be_woken() -> None:
    ticks: asyncio.Queue[datetime] = asyncio.Queue()

    async def tick(now: datetime) -> timedelta:
        ticks.put_nowait(now)
        return NEVER

    loop = Loop("idle", tick)
    async with running(loop):
        await ticks.get()
        loop.wake()
        await ticks.get()
        assert ticks.empty()


async def test_who_wakes_a_loop_while_it_ticks_gets_another_tick() -> None:
    begun = [asyncio.Event(), asyncio.Event()]
    go_on = asyncio.Event()
    ticks = iter(begun)

    async def tick(_now: datetime) -> timedelta:
        next(ticks).set()
        await go_on.wait()
        return NEVER

    loop = Loop("slow", tick)
    async with running(loop):
        await begun[0].wait()
        loop.wake()
        go_on.set()
        await begun[1].wait()


class Events(logging.Handler):
    """Lets a test wait for the next event."""

    def __init__(self) -> None:
        super().__init__()
        self._queue: asyncio.Queue[logging.LogRecord] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        self._queue.put_nowait(record)

    async def get(self) -> logging.LogRecord:
        return await self._queue.get()


@pytest_asyncio.fixture
async def events() -> AsyncIterator[Events]:
    logger = logging.getLogger("penstockd.chassis.loops")
    handler = Events()
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


async def test_a_failure_is_logged_and_the_loop_goes_on(
    events: Events, caplog: pytest.LogCaptureFixture
) -> None:
    again = asyncio.Event()
    outcomes = iter([ValueError("a broken tick"), None])

    async def tick(_now: datetime) -> timedelta:
        if error := next(outcomes):
            raise error
        again.set()
        return NEVER

    loop = Loop("frail", tick)
    async with running(loop):
        await events.get()
        loop.wake()
        await again.wait()
    [event] = caplog.records
    assert (event.message, vars(event)["loop"], vars(event)["failures"]) == (
        "loop.failed",
        "frail",
        1,
    )
    assert "a broken tick" in caplog.text


async def test_a_tick_that_hangs_is_ended_and_told(
    events: Events, caplog: pytest.LogCaptureFixture
) -> None:
    async def tick(_now: datetime) -> timedelta:
        await asyncio.Event().wait()
        return NEVER

    async with running(Loop("hung", tick, limit=timedelta(milliseconds=1))):
        await events.get()
    assert "TimeoutError" in caplog.text


async def test_a_loop_inherits_no_deadline() -> None:
    seen: asyncio.Queue[float] = asyncio.Queue()

    async def tick(_now: datetime) -> timedelta:
        seen.put_nowait(bounded_by_deadline(10))
        return NEVER

    set_deadline(1)
    async with running(Loop("free", tick)):
        assert await seen.get() == 10
    assert bounded_by_deadline(10) < 1


async def test_a_runner_that_ran_nothing_stops() -> None:
    await LoopRunner(lambda: NOON).stop()


async def test_failures_in_a_row_make_a_loop_rest_longer() -> None:
    pauses = [pause_after(failures) for failures in range(20)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


async def test_a_full_disk_is_told_in_a_line_without_a_traceback(
    events: Events, caplog: pytest.LogCaptureFixture
) -> None:
    async def tick(_now: datetime) -> timedelta:
        raise StorageFull("the disk is full")

    async with running(Loop("writer", tick)):
        await events.get()
    told = caplog.records[0]
    assert (told.levelname, vars(told)["why"]) == ("WARNING", "the disk is full")
    assert told.exc_info is None
