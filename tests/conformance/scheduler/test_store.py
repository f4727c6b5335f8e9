"""What every filling of the scheduler's store must pass."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from penstock.errors import (
    DeploymentNotFound,
    RequestIdReused,
    RevisionConflict,
    WorkPoolNotFound,
)
from penstockd.database import Database
from penstockd.scheduler.rules.deployment import Deployment, DeploymentRef, with_spec
from penstockd.scheduler.rules.launch import LaunchSpec
from penstockd.scheduler.rules.work_pool import WorkPool, WorkQueue
from penstockd.scheduler.rules.worker import Worker, WorkerManifest
from penstockd.scheduler.store import Store, Transaction
from penstockd.scheduler.store.tables import outbox
from penstockd.scheduler.store.tables.deployment import deployment_version
from penstockd.scheduler.usecases.deployment import Deployments
from unit.scheduler.builders import (
    NOON,
    a_deployment,
    a_pool,
    a_spec,
    a_worker,
    an_id,
    an_intent,
)

pytestmark = pytest.mark.asyncio

FULL = a_spec(
    launch=LaunchSpec(
        entrypoint="a.py:f",
        interpreter="/usr/bin/python3",
        working_dir="/w",
        sys_path=("/a", "/b"),
        source_digest="ab" * 32,
    ),
    flow_version="1.2",
    parameters='{"name":"é"}',
    parameter_schema='{"z":1,"a":2}',
    tags=("red", "blue"),
    description="daily",
    max_retries=2,
    retry_delays=(timedelta(seconds=1), timedelta(milliseconds=1.5)),
)


async def _got(ref: DeploymentRef, tx: Transaction) -> Deployment:
    return await tx.deployments.get("home", ref)


async def _deployed(deployment: Deployment, tx: Transaction) -> None:
    await tx.deployments.insert(deployment)


async def _pooled(pool: WorkPool, tx: Transaction) -> None:
    await tx.work_pools.insert(pool)


async def _saved(worker: Worker, tx: Transaction) -> None:
    await tx.workers.save(worker)


async def _noted(cursor: str, tx: Transaction) -> None:
    await tx.save_cursor("home", "runs", cursor)


async def test_a_deployment_is_read_as_it_was_written(store: Store) -> None:
    deployment = a_deployment(spec=FULL)
    assert await store.write(lambda tx: tx.deployments.insert(deployment))
    by_id, by_name = (
        DeploymentRef(id=deployment.id),
        DeploymentRef(flow_name="spring", name="daily"),
    )
    for ref in (by_id, by_name):
        assert await store.read(partial(_got, ref)) == deployment


async def test_an_unknown_deployment_is_told_by_its_name(store: Store) -> None:
    ref = DeploymentRef(flow_name="spring", name="daily")
    with pytest.raises(DeploymentNotFound, match="spring/daily"):
        await store.read(lambda tx: tx.deployments.get("home", ref))


async def test_a_deployments_name_is_taken_once(store: Store) -> None:
    assert await store.write(lambda tx: tx.deployments.insert(a_deployment()))
    assert not await store.write(lambda tx: tx.deployments.insert(a_deployment()))
    assert await store.write(lambda tx: tx.deployments.insert(a_deployment(namespace="away")))


async def test_older_versions_are_kept(store: Store, database: Database) -> None:
    first = a_deployment()
    second = with_spec(first, FULL, at=NOON + timedelta(hours=1))
    await store.write(lambda tx: tx.deployments.insert(first))
    await store.write(lambda tx: tx.deployments.save(second))
    ref = DeploymentRef(id=first.id)
    assert await store.read(lambda tx: tx.deployments.get("home", ref)) == second
    query = sa.select(deployment_version.c.version, deployment_version.c.max_retries)
    kept = await database.read(lambda sql: sql.select(lambda: query.order_by("version")))
    assert kept == [{"version": 1, "max_retries": 0}, {"version": 2, "max_retries": 2}]


async def test_a_stale_version_loses(store: Store) -> None:
    deployment = a_deployment()
    await store.write(lambda tx: tx.deployments.insert(deployment))
    with pytest.raises(RevisionConflict):
        await store.write(lambda tx: tx.deployments.save(replace(deployment, version=3)))


async def test_each_version_is_a_change_in_the_feed(store: Store, database: Database) -> None:
    deployment = a_deployment()
    await store.write(lambda tx: tx.deployments.insert(deployment))
    await store.write(lambda tx: tx.deployments.save(with_spec(deployment, FULL, at=NOON)))
    query = sa.select(outbox.c.resource_id, outbox.c.seq).order_by(outbox.c.position)
    changes = await database.read(lambda sql: sql.select(lambda: query))
    assert changes == [{"resource_id": deployment.id, "seq": seq} for seq in (1, 2)]


async def test_deployments_applied_at_once_get_versions_one_after_another(
    store: Store,
) -> None:
    await store.write(lambda tx: tx.work_pools.insert(a_pool()))
    deployments = Deployments(store, lambda: NOON, new_id=an_id)

    async def apply(retries: int) -> Deployment:
        applied: list[Deployment] = []

        def render(deployment: Deployment) -> bytes:
            applied.append(deployment)
            return b""

        await deployments.apply(
            an_intent("ApplyDeployment"),
            flow_name="spring",
            name="daily",
            spec=a_spec(max_retries=retries),
            render=render,
        )
        return applied[-1]

    applied = await asyncio.gather(*map(apply, range(6)))
    assert sorted(each.version for each in applied) == [1, 2, 3, 4, 5, 6]
    assert len({each.id for each in applied}) == 1


async def test_deployments_are_listed_by_flow_and_name(store: Store) -> None:
    for flow, name in (("b", "x"), ("a", "z"), ("a", "y")):
        one = a_deployment(flow_name=flow, name=name)
        await store.write(partial(_deployed, one))

    async def page(flow: str, after: tuple[str, str]) -> list[tuple[str, str]]:
        found = await store.read(
            lambda tx: tx.deployments.page("home", flow, after=after, limit=2)
        )
        return [(each.flow_name, each.name) for each in found]

    assert await page("", ("", "")) == [("a", "y"), ("a", "z")]
    assert await page("", ("a", "z")) == [("b", "x")]
    assert await page("b", ("", "")) == [("b", "x")]


async def test_a_pool_is_read_as_it_was_written(store: Store) -> None:
    pool = a_pool(description="here")
    assert await store.write(lambda tx: tx.work_pools.insert(pool))
    assert await store.read(lambda tx: tx.work_pools.get("home", "local")) == pool
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
    first = await store.read(lambda tx: tx.work_pools.page("home", after="", limit=2))
    rest = await store.read(lambda tx: tx.work_pools.page("home", after="b", limit=2))
    assert [pool.name for pool in (*first, *rest)] == ["a", "b", "c"]
    assert all(pool.work_queues for pool in first)


async def test_a_worker_that_registers_again_keeps_its_first_time(store: Store) -> None:
    worker = a_worker(
        manifest=WorkerManifest(
            name="host:7",
            work_pool="local",
            slots=4,
            work_queues=("default",),
            labels={"zone": "north"},
            features=("pause",),
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

    async def page(
        *, pool: str = "", alive_only: bool = False, before: Worker | None = None
    ) -> list[UUID]:
        place = (NOON + timedelta(days=1), UUID(int=0))
        if before:
            place = (before.create_time, before.id)
        found = await store.read(
            lambda tx: tx.workers.page(
                "home", pool, alive_only=alive_only, before=place, limit=2
            )
        )
        return [worker.id for worker in found]

    assert await page() == [newest.id, middle.id]
    assert await page(before=middle) == [old.id]
    assert await page(pool="local", alive_only=True) == [newest.id, old.id]
    assert await page(pool="other") == []
    pool = await store.read(lambda tx: tx.work_pools.get("home", "local"))
    assert pool.live_workers == 2
    await store.write(lambda tx: tx.workers.hold_all_dead("home"))
    assert await page(alive_only=True) == []
    assert await store.read(lambda tx: tx.workers.namespaces()) == ["home"]


async def test_an_intent_is_answered_once(store: Store) -> None:
    intent = an_intent()
    answers = iter([b"first", b"second"])

    async def work(tx: Transaction) -> bytes:
        async def answer() -> bytes:
            return next(answers)

        return await tx.once(intent, answer)

    assert await store.read(lambda tx: tx.answer_to(intent)) is None
    assert [await store.write(work), await store.write(work)] == [b"first", b"first"]
    assert await store.read(lambda tx: tx.answer_to(intent)) == b"first"
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
    async with asyncio.timeout(20):
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
