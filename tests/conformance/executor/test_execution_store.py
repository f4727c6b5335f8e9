"""What every implementation of the execution store must pass."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from builders import HandClock
from penstock.errors import (
    CursorExpired,
    CursorInvalid,
    ExecutionNotFound,
    RevisionConflict,
)
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.executor.rules.execution import Execution, ended, running, stopping
from penstockd.executor.store import ExecutionStore, ExecutionTransaction
from penstockd.executor.store.execution import SqlExecutionStore
from unit.executor.builders import NOON, an_execution, an_id

pytestmark = pytest.mark.asyncio

HANDLE = "77@boot/9"
HOME = "home"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock
) -> AsyncIterator[ExecutionStore]:
    url = f"sqlite:///{tmp_path}/executor.db"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    database = await open_database(url, schemas=[schema_of("executor")])
    yield SqlExecutionStore(database, clock, progress=timedelta(0))
    await database.close()


async def kept(store: ExecutionStore, execution: Execution) -> Execution:
    await store.transact(lambda tx: tx.insert(execution))
    return execution


async def saved(store: ExecutionStore, execution: Execution) -> Execution:
    await store.transact(lambda tx: tx.save(execution))
    return execution


async def loaded(store: ExecutionStore, execution: Execution) -> Execution:
    return await store.load(execution.namespace, execution.id)


async def listed(store: ExecutionStore, **changes: Any) -> Sequence[Execution]:
    settings = {"active_only": False, "before": None, "limit": 9, **changes}
    _, executions = await store.page(HOME, **settings)
    return executions


async def now(store: ExecutionStore) -> str:
    cursor, _ = await store.page(HOME, active_only=True, before=None, limit=1)
    return cursor


async def test_an_execution_is_read_as_it_was_written(store: ExecutionStore) -> None:
    new = await kept(store, an_execution())
    assert await loaded(store, new) == new
    runs = await saved(store, running(new, HANDLE))
    assert await loaded(store, new) == runs
    over = ended(runs, at=NOON, message="exit code 7", exit_code=7, captured_size=5)
    await saved(store, over)
    assert await loaded(store, new) == over


async def test_a_second_insert_changes_nothing(store: ExecutionStore) -> None:
    new = await kept(store, an_execution())
    again = stopping(new, "again")
    assert await store.transact(lambda tx: tx.insert(again)) is False
    assert await loaded(store, new) == new


async def test_a_stale_save_loses(store: ExecutionStore) -> None:
    new = await kept(store, an_execution())
    over = await saved(store, ended(new, at=NOON, message="exit code 0", exit_code=0))
    with pytest.raises(RevisionConflict):
        await saved(store, running(new, HANDLE))
    assert await loaded(store, new) == over


async def test_an_unknown_execution_is_not_found(store: ExecutionStore) -> None:
    with pytest.raises(ExecutionNotFound):
        await store.load(HOME, an_id())


async def test_an_execution_of_another_namespace_is_not_found(store: ExecutionStore) -> None:
    await kept(store, an_execution(namespace="away"))
    here = await kept(store, an_execution())
    with pytest.raises(ExecutionNotFound):
        await store.load("away", here.id)
    assert await listed(store) == [here]


async def test_pages_go_from_new_to_old(store: ExecutionStore) -> None:
    old, middle, new = [await kept(store, an_execution()) for _ in range(3)]
    assert await listed(store, limit=2) == [new, middle]
    assert await listed(store, before=middle.id, limit=2) == [old]


async def test_a_page_may_hold_active_ones_only(store: ExecutionStore) -> None:
    active, over = await kept(store, an_execution()), await kept(store, an_execution())
    await saved(store, ended(over, at=NOON, message="exit code 0"))
    assert await listed(store, active_only=True) == [active]
    assert await store.active() == [active]


async def test_a_watch_from_now_sees_what_follows(store: ExecutionStore) -> None:
    first = await kept(store, an_execution())
    feed = store.watch(HOME, "", execution_id=None)
    assert (await anext(feed))[1] == ()
    moved = await saved(store, running(first, HANDLE))
    new = await kept(store, an_execution())
    await kept(store, an_execution(namespace="away"))
    assert await _next_changes(feed) == [moved, new]
    stopped = await saved(store, stopping(moved, "enough"))
    assert await _next_changes(feed) == [stopped]


async def test_a_watch_goes_on_after_a_list_or_another_watch(store: ExecutionStore) -> None:
    cursor = await now(store)
    first, second = await kept(store, an_execution()), await kept(store, an_execution())
    after_list, changes = await anext(store.watch(HOME, cursor, execution_id=None))
    assert changes == [first, second]
    moved = await saved(store, running(first, HANDLE))
    _, changes = await anext(store.watch(HOME, after_list, execution_id=None))
    assert changes == [moved]


async def test_a_watch_may_follow_one_execution(store: ExecutionStore) -> None:
    cursor = await now(store)
    first = await kept(store, an_execution())
    await kept(store, an_execution())
    moved = await saved(store, running(first, HANDLE))
    _, changes = await anext(store.watch(HOME, cursor, execution_id=first.id))
    # Both of its changes, as it is now.
    assert changes == [moved]


async def test_what_is_no_cursor_is_refused(store: ExecutionStore) -> None:
    with pytest.raises(CursorInvalid):
        await anext(store.watch(HOME, "yesterday", execution_id=None))


async def test_a_cursor_of_what_was_forgotten_has_expired(
    store: ExecutionStore, clock: HandClock
) -> None:
    cursor = await now(store)
    await kept(store, an_execution())
    assert not await store.forget(older_than=clock() + timedelta(hours=1))
    with pytest.raises(CursorExpired):
        await anext(store.watch(HOME, cursor, execution_id=None))


async def test_a_failed_transaction_leaves_nothing(store: ExecutionStore) -> None:
    execution = an_execution()

    async def work(tx: ExecutionTransaction) -> None:
        await tx.insert(execution)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.transact(work)
    with pytest.raises(ExecutionNotFound):
        await loaded(store, execution)


async def test_what_ended_long_ago_is_forgotten(store: ExecutionStore) -> None:
    old, active = await kept(store, an_execution()), await kept(store, an_execution())
    await saved(store, ended(old, at=NOON - timedelta(days=8), message="exit code 0"))
    await saved(store, running(active, HANDLE))
    assert not await store.forget(older_than=NOON - timedelta(days=7))
    assert [it.id for it in await listed(store)] == [active.id]


async def test_changes_of_what_was_forgotten_are_passed_over(store: ExecutionStore) -> None:
    cursor = await now(store)
    old, new = await kept(store, an_execution()), await kept(store, an_execution())
    await saved(store, ended(old, at=NOON - timedelta(days=8), message="exit code 0"))
    await store.forget(older_than=NOON - timedelta(days=7))
    _, changes = await anext(store.watch(HOME, cursor, execution_id=None))
    assert changes == [new]


async def _next_changes(
    feed: AsyncIterator[tuple[str, Sequence[Execution]]],
) -> Sequence[Execution]:
    async for _, changes in feed:
        if changes:
            return changes
    raise AssertionError("the feed ended")
