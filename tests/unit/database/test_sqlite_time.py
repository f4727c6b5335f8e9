"""A store's time goes on over restarts, whatever the machine's clock is set to meanwhile."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from penstockd.chassis.clock import nanoseconds
from penstockd.database.executors import Inline
from penstockd.database.migrations import ensure_schema
from penstockd.database.sqlite import SqliteDatabase
from penstockd.database.sqlite_sql import connect
from sample_service import SCHEMA
from sample_service.builders import a_thing, put
from sample_service.store import statement_texts as texts

pytestmark = pytest.mark.asyncio
NOON = datetime(2050, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
A_SECOND = timedelta(seconds=1)


class Machine:
    """A clock that people set. What carries a store's time on is the real one."""

    def __init__(self) -> None:
        self.shown = NOON

    def __call__(self) -> int:
        return nanoseconds(self.shown)


@asynccontextmanager
async def opened(folder: Path, machine: Machine) -> AsyncIterator[SqliteDatabase]:
    database = SqliteDatabase(folder / "penstock.db", writer=Inline(), machine=machine)
    await ensure_schema(database, SCHEMA)
    yield database
    await database.close()


def marks_in(statements: list[str]) -> int:
    return sum("INSERT INTO penstock_clock" in it for it in statements)


async def test_after_a_restart_with_a_clock_set_back_time_goes_on_from_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    machine = Machine()
    async with opened(tmp_path, machine) as database:
        machine.shown += HOUR
        before = database.time()
        await put(database, a_thing(1))
    machine.shown -= 2 * HOUR
    async with opened(tmp_path, machine) as database:
        first = database.time()
        assert first >= before > NOON
        assert database.time() > first
    assert [it.getMessage() for it in caplog.records if it.levelno >= logging.WARNING] == [
        "clock.ahead"
    ]


async def test_time_is_never_a_second_below_what_was_committed(tmp_path: Path) -> None:
    machine = Machine()
    async with opened(tmp_path, machine) as database:
        for number in range(30):
            machine.shown += timedelta(seconds=0.35)
            await put(database, a_thing(number))
            before = database.time()
            machine.shown -= HOUR
            # It dies here: another one opens what it has left.
            async with opened(tmp_path, machine) as after:
                assert after.time() > before - A_SECOND
            machine.shown += HOUR


async def test_one_commit_in_a_second_keeps_the_time_and_one_that_changes_nothing_never(
    tmp_path: Path,
) -> None:
    machine = Machine()
    async with opened(tmp_path, machine) as database:
        ran: list[str] = []
        with database._writer._connection as connection:
            connection.set_trace_callback(ran.append)
        for number in range(100):
            machine.shown += timedelta(milliseconds=250)
            await put(database, a_thing(number))
        assert 15 <= marks_in(ran) <= 25
        ran.clear()
        machine.shown += HOUR
        await database.write(lambda sql: sql.one(texts.COUNT))
        assert marks_in(ran) == 0


async def test_programs_on_one_store_hear_of_a_jump_that_one_of_them_saw(
    tmp_path: Path,
) -> None:
    machine, other = Machine(), Machine()
    async with opened(tmp_path, machine) as one, opened(tmp_path, other) as two:
        machine.shown += HOUR
        at = one.time()
        await put(one, a_thing(1))
        await put(two, a_thing(2))
        assert two.time() >= at


async def test_readers_need_no_mark(tmp_path: Path) -> None:
    async with opened(tmp_path, Machine()):
        reader = connect(tmp_path / "penstock.db", writer=False)
        assert reader.execute("SELECT count(*) FROM penstock_clock").fetchone() == (1,)
        reader.close()
