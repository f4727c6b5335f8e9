"""What every store of deployments must pass."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from penstock.errors import DeploymentNotFound, RevisionConflict, WorkPoolNotFound
from penstockd.database import Database
from penstockd.scheduler.rules.deployment import (
    Deployment,
    DeploymentFilter,
    DeploymentRef,
    changed_to,
)
from penstockd.scheduler.rules.view import View
from penstockd.scheduler.rules.work_pool import WorkPool
from penstockd.scheduler.run_spec_wire import run_spec_of
from penstockd.scheduler.store import Store, Transaction
from penstockd.scheduler.store.tables import outbox
from penstockd.scheduler.store.tables.deployment import deployment_version
from penstockd.scheduler.usecases.deployment import Deployments, Draft
from penstockd.scheduler.usecases.work_pool_deletion import WorkPoolDeletions
from unit.scheduler.builders import (
    NOON,
    Runs,
    a_deployment,
    a_pool,
    a_spec,
    a_spec_message,
    an_id,
    an_intent,
    json_payload,
    json_value,
)

pytestmark = pytest.mark.asyncio

FULL = a_spec(
    flow_version="1.2",
    tags=["red", "blue"],
    labels={"team": "water"},
    parameters={"name": json_payload('"é"')},
    work_queue="slow",
)
EVERYTHING = DeploymentFilter()


def the_next(deployment: Deployment, **changes: Any) -> Deployment:
    wanted = replace(deployment, update_time=NOON + timedelta(hours=1), **changes)
    return changed_to(deployment, wanted)


async def inserted(deployment: Deployment, tx: Transaction) -> None:
    await tx.deployments.insert(deployment)


async def test_a_deployment_is_read_as_it_was_written(store: Store) -> None:
    deployment = a_deployment(
        spec=FULL, parameter_schema=json_value('{"z":1,"a":2}'), description="daily"
    )
    assert await store.write(lambda tx: tx.deployments.insert(deployment))
    by_id = DeploymentRef(id=deployment.id)
    by_name = DeploymentRef(flow_name="spring", name="daily")
    assert await store.read(lambda tx: tx.deployments.get("home", by_id)) == deployment
    assert await store.read(lambda tx: tx.deployments.get("home", by_name)) == deployment


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
    second = the_next(first, spec=FULL)
    third = the_next(second, description="words")
    await store.write(lambda tx: tx.deployments.insert(first))
    await store.write(lambda tx: tx.deployments.save(second, new_version=True))
    await store.write(lambda tx: tx.deployments.save(third, new_version=False))
    ref = DeploymentRef(id=first.id)
    assert await store.read(lambda tx: tx.deployments.get("home", ref)) == third
    query = sa.select(deployment_version.c.version).order_by(deployment_version.c.version)
    kept = await database.read(lambda sql: sql.select(lambda: query))
    assert kept == [{"version": 1}, {"version": 2}]


async def test_a_stale_save_loses(store: Store) -> None:
    deployment = a_deployment()
    await store.write(lambda tx: tx.deployments.insert(deployment))
    stale = replace(deployment, revision=3)
    with pytest.raises(RevisionConflict):
        await store.write(lambda tx: tx.deployments.save(stale, new_version=False))
    with pytest.raises(RevisionConflict):
        await store.write(lambda tx: tx.deployments.delete(stale))


async def test_each_revision_is_a_change_in_the_feed(store: Store, database: Database) -> None:
    first = a_deployment()
    second = the_next(first, description="words")
    await store.write(lambda tx: tx.deployments.insert(first))
    await store.write(lambda tx: tx.deployments.save(second, new_version=False))
    await store.write(lambda tx: tx.deployments.delete(second))
    query = sa.select(outbox.c.resource_id, outbox.c.seq).order_by(outbox.c.position)
    changes = await database.read(lambda sql: sql.select(lambda: query))
    assert changes == [{"resource_id": first.id, "seq": seq} for seq in (1, 2, 3)]


async def test_a_deleted_deployment_leaves_no_version(store: Store, database: Database) -> None:
    deployment, other = a_deployment(), a_deployment(name="other")
    for each in (deployment, other):
        await store.write(partial(inserted, each))
    await store.write(lambda tx: tx.deployments.delete(deployment))
    with pytest.raises(DeploymentNotFound):
        await store.read(lambda tx: tx.deployments.get("home", DeploymentRef(id=deployment.id)))
    query = sa.select(deployment_version.c.deployment_id)
    kept = await database.read(lambda sql: sql.select(lambda: query))
    assert kept == [{"deployment_id": other.id}]


async def test_deployments_applied_at_once_get_versions_one_after_another(
    store: Store,
) -> None:
    await store.write(lambda tx: tx.work_pools.insert(a_pool()))
    deployments = Deployments(store, lambda: NOON, new_id=an_id)

    async def apply(number: int) -> Deployment:
        applied: list[Deployment] = []

        def render(deployment: Deployment) -> bytes:
            applied.append(deployment)
            return b""

        draft = Draft(name="daily", spec=a_spec(flow_version=str(number)))
        await deployments.apply(an_intent("ApplyDeployment"), draft, render=render)
        return applied[-1]

    applied = await asyncio.gather(*map(apply, range(6)))
    assert sorted(each.version for each in applied) == [1, 2, 3, 4, 5, 6]
    assert len({each.id for each in applied}) == 1


async def test_a_pool_goes_or_gets_a_deployment_but_not_both(store: Store) -> None:
    """Whoever comes second sees what the first one did."""
    deployments = Deployments(store, lambda: NOON, new_id=an_id)
    deletions = WorkPoolDeletions(store, Runs())

    def render(_: WorkPool | Deployment) -> bytes:
        return b""

    for number in range(4):
        pool = f"p{number}"
        await store.write(partial(_pooled, a_pool(pool)))
        draft = Draft(name=pool, spec=a_spec(work_pool=pool))
        outcomes = await asyncio.gather(
            deployments.apply(an_intent("ApplyDeployment"), draft, render=render),
            deletions.delete(an_intent("DeleteWorkPool"), pool, render=render),
            return_exceptions=True,
        )
        assert len([it for it in outcomes if isinstance(it, Exception)]) == 1
        kept = await store.read(partial(_counted, pool))
        there = await store.read(partial(_exists, pool))
        assert (kept == 1) == there


async def _pooled(pool: WorkPool, tx: Transaction) -> None:
    await tx.work_pools.insert(pool)


async def _counted(pool: str, tx: Transaction) -> int:
    return await tx.deployments.count("home", work_pool=pool, work_queue="")


async def _exists(pool: str, tx: Transaction) -> bool:
    try:
        await tx.work_pools.get("home", pool)
    except WorkPoolNotFound:
        return False
    return True


async def test_deployments_are_counted_by_pool_and_queue(store: Store) -> None:
    for name, spec in (("a", a_spec()), ("b", FULL), ("c", a_spec(work_pool="other"))):
        await store.write(partial(inserted, a_deployment(name=name, spec=spec)))

    async def count(work_queue: str) -> int:
        return await store.read(
            lambda tx: tx.deployments.count("home", work_pool="local", work_queue=work_queue)
        )

    assert [await count(it) for it in ("", "default", "slow", "none")] == [2, 1, 1, 0]


async def test_deployments_are_listed_by_flow_and_name(store: Store) -> None:
    for flow, name in (("b", "x"), ("a", "z"), ("a", "y")):
        one = a_deployment(name=name, spec=a_spec(flow_name=flow))
        await store.write(partial(inserted, one))

    async def page(
        after: tuple[str, str] = ("", ""), wanted: DeploymentFilter = EVERYTHING
    ) -> list[tuple[str, str]]:
        found = await store.read(
            lambda tx: tx.deployments.page(
                "home", wanted, after=after, limit=2, view=View.BASIC
            )
        )
        return [(each.spec.flow_name, each.name) for each in found]

    assert await page() == [("a", "y"), ("a", "z")]
    assert await page(("a", "z")) == [("b", "x")]
    assert await page(wanted=DeploymentFilter(flow_names=("b",))) == [("b", "x")]
    assert await page(wanted=DeploymentFilter(name_contains="Y")) == [("a", "y")]


async def test_a_view_of_lists_reads_what_may_be_large_only_when_asked(store: Store) -> None:
    whole = a_deployment(spec=FULL, parameter_schema=json_value("{}"))
    await store.write(lambda tx: tx.deployments.insert(whole))

    async def seen(view: View) -> Deployment:
        (one,) = await store.read(
            lambda tx: tx.deployments.page(
                "home", EVERYTHING, after=("", ""), limit=2, view=view
            )
        )
        return one

    assert await seen(View.FULL) == whole
    brief = replace(whole, spec=replace(FULL, parameters={}), parameter_schema=None)
    assert await seen(View.BASIC) == brief


async def test_a_field_that_nobody_here_knows_is_kept(store: Store) -> None:
    message = a_spec_message()
    message.MergeFromString(b"\xfa\x3e\x04note")  # number 1007
    deployment = a_deployment(spec=run_spec_of(message))
    await store.write(lambda tx: tx.deployments.insert(deployment))
    ref = DeploymentRef(id=deployment.id)
    seen = await store.read(lambda tx: tx.deployments.get("home", ref))
    assert b"note" in seen.spec.content
