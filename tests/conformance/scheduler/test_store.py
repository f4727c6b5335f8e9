"""What every implementation of the scheduler's store must pass; deployments apart."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from hanging import HANG_LIMIT
from penstock.errors import (
    RequestIdReused,
    WorkPoolNotFound,
)
from penstockd.database import Database
from penstockd.scheduler.rules.work_pool import WorkPool, WorkPoolFilter, WorkQueue
from penstockd.scheduler.rules.worker import Worker, WorkerFilter
from penstockd.scheduler.store import Answer, Store, Transaction
from penstockd.scheduler.store.tables.work_pool import work_queue
from unit.scheduler.builders import (
    NOON,
    a_manifest,
    a_pool,
    a_worker,
    an_id,
    an_intent,
)

pytestmark = pytest.mark.asyncio


async def _pooled(pool: WorkPool, tx: Transaction) -> None:
    await tx.work_pools.insert(pool)


async def _saved(worker: Worker, tx: Transaction) -> None:
    await tx.workers.save(worker)


async def _noted(cursor: str, tx: Transaction) -> None:
    await tx.save_cursor("home", "runs", cursor)


async def test_a_pool_is_read_as_it_was_written(store: Store) -> None:
    pool = a_pool(description="here")
    assert await store.write(lambda tx: tx.work_pools.insert(pool))
    assert await store.read(lambda tx: tx.work_pools.get("home", "local")) == pool
    assert await store.read(lambda tx: tx.work_pools.get("home", pool.id)) == pool
    assert not await store.write(lambda tx: tx.work_pools.insert(a_pool()))
    with pytest.raises(WorkPoolNotFound, match="penstock pool create"):
        await store.read(lambda tx: tx.work_pools.get("away", "local"))


async def test_queues_come_by_priority_and_grow_the_revision(store: Store) -> None:
    pool = a_pool()
    slow = WorkQueue(name="slow", priority=9, create_time=NOON)
    await store.write(lambda tx: tx.work_pools.insert(pool))
    assert await store.write(lambda tx: tx.work_pools.add_queue(pool, slow))
    urgent = WorkQueue(name="also", priority=1, create_time=NOON)
    assert await store.write(lambda tx: tx.work_pools.add_queue(pool, urgent))
    seen = await store.read(lambda tx: tx.work_pools.get("home", "local"))
    assert [queue.name for queue in seen.work_queues] == ["also", "default", "slow"]
    assert seen.revision == 3
    assert not await store.write(lambda tx: tx.work_pools.add_queue(pool, slow))


async def test_pools_are_listed_by_name_with_their_queues(store: Store) -> None:
    for name in ("b", "c", "a"):
        pool = a_pool(name)
        await store.write(partial(_pooled, pool))
    first, rest = [await _page(store, after=after) for after in ("", "b")]
    assert [pool.name for pool in (*first, *rest)] == ["a", "b", "c"]
    assert all(pool.work_queues for pool in first)
    assert [it.name for it in await _page(store, names=("b", "z"))] == ["b"]
    assert await _page(store, pool_types=("kubernetes",)) == []


async def _page(store: Store, *, after: str = "", **wanted: Any) -> list[WorkPool]:
    found = await store.read(
        lambda tx: tx.work_pools.page("home", WorkPoolFilter(**wanted), after=after, limit=2)
    )
    return list(found)


async def test_a_deleted_queue_grows_the_revision_and_a_deleted_pool_leaves_none(
    store: Store, database: Database
) -> None:
    pool = a_pool()
    await store.write(lambda tx: tx.work_pools.insert(pool))
    await store.write(
        lambda tx: tx.work_pools.add_queue(
            pool, WorkQueue(name="slow", priority=9, create_time=NOON)
        )
    )
    with_slow = await store.write(lambda tx: tx.work_pools.lock("home", pool.id))
    await store.write(lambda tx: tx.work_pools.delete_queue(with_slow, "slow"))
    without = await store.write(lambda tx: tx.work_pools.keep("home", "local"))
    assert (without.revision, len(without.work_queues)) == (3, 1)
    await store.write(lambda tx: tx.work_pools.delete(without))
    with pytest.raises(WorkPoolNotFound):
        await store.write(lambda tx: tx.work_pools.keep("home", "local"))
    left = await database.read(lambda sql: sql.select(lambda: sa.select(work_queue.c.name)))
    assert left == []


async def test_a_worker_that_registers_again_keeps_its_first_time(store: Store) -> None:
    worker = a_worker(
        manifest=a_manifest(
            work_queues=("default",),
            handlers=("images/resize",),
            execution_address="10.0.0.7:7475",
        )
    )
    await store.write(lambda tx: tx.workers.save(worker))
    assert await store.read(lambda tx: tx.workers.get("home", worker.id)) == worker
    later = replace(worker, alive=False, create_time=NOON + timedelta(hours=1))
    await store.write(lambda tx: tx.workers.save(later))
    seen = await store.read(lambda tx: tx.workers.get("home", worker.id))
    assert seen == replace(worker, alive=False)


async def test_workers_are_listed_newest_first_and_counted_alive(store: Store) -> None:
    workers = [a_worker(create_time=NOON + timedelta(hours=hour)) for hour in (0, 2, 1)]
    old, newest, middle = workers
    await store.write(lambda tx: tx.work_pools.insert(a_pool()))
    for each in workers:
        await store.write(partial(_saved, each))
    await store.write(
        lambda tx: tx.workers.set_alive("home", {middle.id: False, an_id(): True})
    )

    async def page(*, before: Worker | None = None, **wanted: Any) -> list[UUID]:
        place = (NOON + timedelta(days=1), UUID(int=0))
        if before:
            place = (before.create_time, before.id)
        found = await store.read(
            lambda tx: tx.workers.page("home", WorkerFilter(**wanted), before=place, limit=2)
        )
        return [worker.id for worker in found]

    assert await page() == [newest.id, middle.id]
    assert await page(before=middle) == [old.id]
    assert await page(work_pools=("local",), alive_only=True) == [newest.id, old.id]
    assert await page(work_pools=("other",)) == []
    assert await page(worker_ids=(old.id, an_id())) == [old.id]
    pool = await store.read(lambda tx: tx.work_pools.get("home", "local"))
    assert pool.live_workers == 2
    await store.write(lambda tx: tx.workers.hold_all_dead("home"))
    assert await page(alive_only=True) == []
    assert await store.read(lambda tx: tx.workers.namespaces()) == ["home"]


async def test_living_workers_of_a_pool_are_counted_and_forgotten(store: Store) -> None:
    for manifest, alive in (
        (a_manifest(), True),
        (a_manifest(work_queues=("slow", "default")), True),
        (a_manifest(work_queues=("slow",)), False),
        (a_manifest(work_pool="other"), True),
    ):
        await store.write(partial(_saved, a_worker(manifest=manifest, alive=alive)))

    async def count(work_queue: str) -> int:
        return await store.read(
            lambda tx: tx.workers.count_alive("home", work_pool="local", work_queue=work_queue)
        )

    assert [await count(it) for it in ("", "slow", "none")] == [2, 1, 0]
    await store.write(lambda tx: tx.workers.forget("home", "local"))
    left = await store.read(
        lambda tx: tx.workers.page(
            "home", WorkerFilter(), before=(NOON + timedelta(1), UUID(int=0)), limit=9
        )
    )
    assert [worker.manifest.work_pool for worker in left] == ["other"]


async def test_an_intent_is_answered_once(store: Store) -> None:
    intent = an_intent()
    answers = iter([b"first", b"second"])

    async def work(tx: Transaction) -> Answer:
        async def answer() -> bytes:
            return next(answers)

        return await tx.once(intent, answer)

    again = Answer(response=b"first", replayed=True)
    assert await store.read(lambda tx: tx.answer_to(intent)) is None
    assert await store.write(work) == Answer(response=b"first", replayed=False)
    assert await store.write(work) == again
    assert await store.read(lambda tx: tx.answer_to(intent)) == again
    other = replace(intent, request_hash=b"other")
    with pytest.raises(RequestIdReused):
        await store.read(lambda tx: tx.answer_to(other))


async def test_old_answers_and_changes_are_forgotten(store: Store) -> None:
    intent = an_intent()

    async def answer() -> bytes:
        return b"answer"

    await store.write(lambda tx: tx.once(intent, answer))
    await store.write(lambda tx: tx.work_pools.insert(a_pool()))
    assert await store.forget(older_than=NOON) == 0
    forgotten = 0
    async with asyncio.timeout(HANG_LIMIT):
        # A transaction that is open anywhere in the cluster keeps the feed for a moment.
        while forgotten < 2:
            forgotten += await store.forget(older_than=NOON + timedelta(seconds=1))
    assert forgotten == 2
    assert await store.read(lambda tx: tx.answer_to(intent)) is None


async def test_a_cursor_is_kept(store: Store) -> None:
    assert await store.read(lambda tx: tx.cursor("home", "runs")) == ""
    for cursor in ("0.1", "0.2"):
        await store.write(partial(_noted, cursor))
    assert await store.read(lambda tx: tx.cursor("home", "runs")) == "0.2"


async def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    async def work(tx: Transaction) -> None:
        await tx.work_pools.insert(a_pool())
        _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        await store.write(work)
    with pytest.raises(WorkPoolNotFound):
        await store.read(lambda tx: tx.work_pools.get("home", "local"))
