"""Replicas on one PostgreSQL decide by its time, whatever their own clocks say."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from builders import NAMESPACE, Living
from penstockd.chassis.clock import Clock, system_clock
from penstockd.chassis.ids import id_source
from penstockd.database import Database
from penstockd.database.authority import DatabaseTime, authority
from penstockd.database.open import open_database
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
KIND = SessionKind.EXECUTOR
new_id = id_source(system_clock())


@pytest_asyncio.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    database = await open_database(postgres_url, schemas=[schema_of("state")])
    yield database
    await database.close()


def off_by(skew: timedelta) -> Clock:
    true = system_clock()
    return lambda: true() + skew


class Replica:
    def __init__(self, database: Database, skew: timedelta, ttl: timedelta) -> None:
        self._store = SqlStore(database, progress=timedelta(0))
        self._clock = authority(database, off_by(skew))
        notices = Notices()
        sources = Sources(clock=self._clock, new_id=new_id)
        self._sessions = WorkerSessions(self._store, sources, notices, Terms(ttl=ttl))
        self._expiry = Expiry(self._store, notices, Living())

    async def open(self) -> WorkerSession:
        return (await self._sessions.open(NAMESPACE, new_id(), KIND)).session

    async def tick(self) -> None:
        await self._expiry.end_sessions(self._clock())

    async def is_open(self, opened: WorkerSession) -> bool:
        known = await self._store.read(lambda tx: tx.worker_sessions.find(NAMESPACE, opened.id))
        return known is not None and known.alive


@pytest.mark.parametrize("skew", [HOUR, -HOUR])
async def test_a_replica_with_a_wrong_clock_ends_nobody_who_lives(
    database: Database, skew: timedelta
) -> None:
    right = Replica(database, timedelta(0), timedelta(minutes=1))
    wrong = Replica(database, skew, timedelta(minutes=1))
    by_right = await right.open()
    by_wrong = await wrong.open()
    await right.tick()
    await wrong.tick()
    assert await right.is_open(by_right)
    assert await right.is_open(by_wrong)


@pytest.mark.parametrize("skew", [HOUR, -HOUR])
async def test_a_replica_with_a_wrong_clock_ends_who_is_dead(
    database: Database, skew: timedelta
) -> None:
    right = Replica(database, timedelta(0), timedelta(microseconds=1))
    wrong = Replica(database, skew, timedelta(microseconds=1))
    by_right = await right.open()
    by_wrong = await wrong.open()
    await wrong.tick()
    assert not await right.is_open(by_right)
    await right.tick()
    assert not await right.is_open(by_wrong)


async def test_the_time_goes_on_between_two_answers_and_a_slow_answer_tells_nothing() -> None:
    now = [100.0]
    told = DatabaseTime(lambda: now[0])
    first = system_clock()()
    asked_at = told.asking()
    now[0] = 100.2
    told.learn(first, asked_at=asked_at)
    assert told() == first + timedelta(seconds=0.1)
    now[0] = 101.2
    assert told.old
    told.learn(first + HOUR, asked_at=asked_at)
    assert told() == first + timedelta(seconds=1.1)
