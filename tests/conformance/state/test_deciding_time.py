"""Processes on one database decide by one time, which goes on whatever clocks are set to."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio

from builders import NAMESPACE, Living
from penstockd.chassis.clock import system_clock
from penstockd.chassis.ids import id_source
from penstockd.database import Database, Sql
from penstockd.database.open import open_database
from penstockd.database.postgres import PostgresDatabase
from penstockd.database.schemas import schema_of
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import SessionKind, WorkerSession
from penstockd.state.store.sql_store import SqlStore
from penstockd.state.usecases.expiry import Expiry
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.worker_session import WorkerSessions

pytestmark = pytest.mark.asyncio
HOUR = timedelta(hours=1)
MINUTE, NEXT_TO_NOTHING = timedelta(minutes=1), timedelta(microseconds=1)
# So much of the mark is lost while nobody commits, and of the clocks between two answers.
AGREED = timedelta(seconds=30)
AHEAD = {
    "sqlite": "UPDATE penstock_clock SET time = time + 3600000000",
    "postgresql": "UPDATE penstock.clock SET time = time + interval '1 hour'",
}
new_id = id_source(system_clock())


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/penstock.db"


class Replica:
    def __init__(self, database: Database, ttl: timedelta = MINUTE) -> None:
        self.database = database
        self.clock = database.time
        self._store = SqlStore(database, progress=timedelta(0))
        notices = Notices()
        sources = Sources(clock=self.clock, new_id=new_id)
        self._sessions = WorkerSessions(self._store, sources, notices, Terms(ttl=ttl))
        self._expiry = Expiry(self._store, notices, Living())

    async def open(self) -> WorkerSession:
        return (await self._sessions.open(NAMESPACE, new_id(), SessionKind.EXECUTOR)).session

    async def tick(self) -> None:
        await self._expiry.end_sessions(self.clock())

    async def is_open(self, opened: WorkerSession) -> bool:
        known = await self._store.read(lambda tx: tx.worker_sessions.find(NAMESPACE, opened.id))
        return known is not None and known.alive


async def set_back(database: Database) -> None:
    """Leave what is found when the clock was an hour ahead and has been set right."""

    async def work(sql: Sql) -> None:
        await sql.script([AHEAD[database.dialect]])

    await database.write(work)


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Of a process that starts after the clock was set back by an hour."""
    before = await open_database(url, schemas=[schema_of("state")])
    await Replica(before).open()
    await set_back(before)
    await before.close()
    after = await open_database(url, schemas=[schema_of("state")])
    yield after
    await after.close()


async def test_time_goes_on_where_it_was_and_two_processes_agree(
    database: Database, url: str
) -> None:
    first = database.time()
    assert first > system_clock()() + HOUR - AGREED
    other = await open_database(url, schemas=[schema_of("state")])
    assert first - AGREED < other.time()
    assert other.time() < database.time() + AGREED
    await other.close()


async def test_the_dead_are_found_by_their_ttl_alone_and_the_living_are_spared(
    database: Database, url: str
) -> None:
    other = await open_database(url, schemas=[schema_of("state")])
    living = await Replica(database).open()
    dead = await Replica(database, NEXT_TO_NOTHING).open()
    for process in (database, other):
        await Replica(process).tick()
        assert await Replica(process).is_open(living)
    assert not await Replica(database).is_open(dead)
    await other.close()


async def test_a_process_that_runs_follows_one_that_knows_of_a_later_time(
    postgres_url: str,
) -> None:
    one = await open_database(postgres_url, schemas=[schema_of("state")])
    other = await open_database(postgres_url, schemas=[schema_of("state")])
    await Replica(one).open()
    before = other.time()
    await set_back(one)
    while other.time() < before + HOUR:
        await other.read(lambda sql: sql.script(["SELECT 1"]))
    await Replica(other).tick()
    await one.close()
    await other.close()


async def test_the_time_is_asked_for_and_kept_once_a_second_and_not_by_each_transaction(
    postgres_url: str,
) -> None:
    database = await open_database(postgres_url, schemas=[schema_of("state")])
    ran = heard(database)
    replica, began = Replica(database), database.time()
    for _ in range(50):
        await replica.open()
    seconds = (database.time() - began).total_seconds()
    about_time = [it for it in ran if "penstock.clock" in it]
    assert sum(it.startswith("BEGIN") for it in ran) == 50
    assert len(about_time) <= 2 * (seconds + 1)
    await database.close()


def heard(database: Database) -> list[str]:
    """Return what the one idle connection is sent from now on."""
    ran: list[str] = []
    (connection,) = cast(PostgresDatabase, database)._connections._idle

    def hear(record: Any) -> None:
        ran.append(record.query)

    connection.add_query_logger(hear)
    return ran
