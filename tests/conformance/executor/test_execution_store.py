"""What every filling of the execution store must pass."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from penstock.errors import ExecutionNotFound
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.executor.rules.execution import Execution, ProcessMark, ended, running, stopping
from penstockd.executor.store import ExecutionStore, ExecutionTransaction
from penstockd.executor.store.execution import SqlExecutionStore
from unit.executor.builders import NOON, an_execution, an_id

pytestmark = pytest.mark.asyncio

MARK = ProcessMark(pid=77, birth="boot/9")


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[ExecutionStore]:
    url = f"sqlite:///{tmp_path}/executor.db"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    database = await open_database(url, schemas=[schema_of("executor")])
    yield SqlExecutionStore(database, progress=timedelta(0))
    await database.close()


async def kept(store: ExecutionStore, execution: Execution) -> Execution:
    await store.transact(lambda tx: tx.insert(execution))
    return execution


async def saved(store: ExecutionStore, execution: Execution) -> Execution:
    await store.transact(lambda tx: tx.save(execution))
    return execution


async def test_an_execution_is_read_as_it_was_written(store: ExecutionStore) -> None:
    new = await kept(store, an_execution())
    assert await store.load(new.id) == new
    over = ended(running(new, MARK), at=NOON, message="killed", exit_code=-9, captured_size=5)
    await saved(store, over)
    assert await store.load(new.id) == over


async def test_a_second_insert_changes_nothing(store: ExecutionStore) -> None:
    new = await kept(store, an_execution())
    again = stopping(new, "again")
    assert await store.transact(lambda tx: tx.insert(again)) is False
    assert await store.load(new.id) == new


async def test_one_that_ended_is_never_written_again(store: ExecutionStore) -> None:
    new = await kept(store, an_execution())
    over = await saved(store, ended(new, at=NOON, message="exit code 0", exit_code=0))
    await saved(store, new)
    assert await store.load(new.id) == over


async def test_an_unknown_execution_is_not_found(store: ExecutionStore) -> None:
    with pytest.raises(ExecutionNotFound):
        await store.load(an_id())


async def test_pages_go_from_new_to_old(store: ExecutionStore) -> None:
    old, middle, new = [await kept(store, an_execution()) for _ in range(3)]
    assert await store.page(active_only=False, before=None, limit=2) == [new, middle]
    assert await store.page(active_only=False, before=middle.id, limit=2) == [old]


async def test_a_page_may_hold_active_ones_only(store: ExecutionStore) -> None:
    active, over = await kept(store, an_execution()), await kept(store, an_execution())
    await saved(store, ended(over, at=NOON, message="exit code 0"))
    assert await store.page(active_only=True, before=None, limit=9) == [active]
    assert await store.active() == [active]


async def test_a_watch_begins_with_what_is_active_and_goes_on(store: ExecutionStore) -> None:
    active, over = await kept(store, an_execution()), await kept(store, an_execution())
    await saved(store, ended(over, at=NOON, message="exit code 0"))
    feed = store.watch()
    assert await anext(feed) == [active]
    moved = await saved(store, running(active, MARK))
    new = await kept(store, an_execution())
    assert await _next_changes(feed) == [moved, new]
    stopped = await saved(store, stopping(moved, "enough"))
    assert await _next_changes(feed) == [stopped]


async def test_a_failed_transaction_leaves_nothing(store: ExecutionStore) -> None:
    execution = an_execution()

    async def work(tx: ExecutionTransaction) -> None:
        await tx.insert(execution)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.transact(work)
    with pytest.raises(ExecutionNotFound):
        await store.load(execution.id)


async def test_what_ended_long_ago_is_forgotten(store: ExecutionStore) -> None:
    old, active = await kept(store, an_execution()), await kept(store, an_execution())
    await saved(store, ended(old, at=NOON - timedelta(days=8), message="exit code 0"))
    await saved(store, running(active, MARK))
    assert await store.forget(ended_before=NOON - timedelta(days=7)) == 1
    assert [it.id for it in await store.page(active_only=False, before=None, limit=9)] == [
        active.id
    ]


async def _next_changes(feed: AsyncIterator[object]) -> object:
    async for changes in feed:
        if changes:
            return changes
    raise AssertionError("the feed ended")
