"""What a call costs the database does not grow with what it carries."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest

from builders import (
    NAMESPACE,
    HandClock,
    a_call,
    a_state,
    a_step_to,
    an_id,
    an_owned_run,
    no_limit,
)
from penstockd.chassis.ids import id_source
from penstockd.database import Database, Sql
from penstockd.database.request_log import Intent
from penstockd.state.rules.actor import USER, worker
from penstockd.state.rules.flow_run import moved
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.state import S
from penstockd.state.rules.task_run import Entry
from penstockd.state.store.sql_store import SqlTransaction
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.journal import Append, Journals
from penstockd.state.usecases.sources import Sources

pytestmark = pytest.mark.asyncio
T = TypeVar("T")
COUNTED = ("one", "all", "run", "run_many", "select")


class CountingSql:
    """Hands every statement on, and counts it."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self.statements = 0

    def __getattr__(self, name: str) -> Any:
        self.statements += name in COUNTED
        return getattr(self._sql, name)


class CountingStore:
    """Writes to a store, and notes how many statements each transaction took."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.counts: list[int] = []

    async def write(self, work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        async def counted(sql: Sql) -> T:
            counting: Any = CountingSql(sql)
            result = await work(SqlTransaction(counting))
            self.counts.append(counting.statements)
            return result

        return await self._database.write(counted)


async def test_a_batch_of_a_thousand_entries_takes_seven_statements(database: Database) -> None:
    store: Any = CountingStore(database)
    clock = HandClock()
    journals = Journals(store, Sources(clock=clock, new_id=id_source(clock)), no_limit())
    run = an_owned_run()
    await store.write(
        lambda tx: tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.ACKNOWLEDGED)
    )

    async def append(first: int, entries: list[Entry]) -> int:
        assert run.ownership.lease_id is not None
        return await journals.append(
            Append(
                intent=Intent(
                    namespace=NAMESPACE,
                    method="AppendJournal",
                    request_id=an_id(),
                    request_hash=b"",
                ),
                flow_run_id=run.id,
                lease=LeaseRef(lease_id=run.ownership.lease_id, fence=run.ownership.fence),
                first_sequence=first,
                entries=entries,
                packed=b"",
            )
        )

    calls = [a_call(state_type=S.RUNNING) for _ in range(500)]
    done: list[Entry] = [a_step_to(it.task_run_id, S.COMPLETED) for it in calls]
    assert await append(1, [*calls, *done]) == 1001
    more = a_call(state_type=S.RUNNING)
    assert await append(1001, [more]) == 1002
    assert store.counts[1:] == [7, 7]


async def test_a_run_that_ends_with_nothing_open_looks_for_nothing(database: Database) -> None:
    store: Any = CountingStore(database)
    run = an_owned_run()
    await store.write(
        lambda tx: tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.ACKNOWLEDGED)
    )
    done = moved(run, a_state(S.COMPLETED))
    await store.write(lambda tx: tx.flow_runs.save(done, actor=worker(None)))
    failed = moved(other := an_owned_run(), a_state(S.FAILED))
    await store.write(
        lambda tx: tx.flow_runs.insert(other, actor=USER, phase=LeasePhase.ACKNOWLEDGED)
    )
    await store.write(lambda tx: save(tx, failed, actor=worker(None)))
    assert store.counts[1] == store.counts[3]
