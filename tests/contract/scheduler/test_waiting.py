"""What wakes a worker whose scheduler did not make the run, and what ends its wait."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from contract.scheduler.requests import a_poll, a_pool, a_registration, a_run, an_apply
from contract.scheduler.site import Site, a_site
from hanging import HANG_LIMIT
from penstock.errors import ShuttingDown
from penstock.wire_errors import named_errors
from penstockd.database import Database
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.state import wiring as state_wiring
from unit.scheduler.builders import until

pytestmark = pytest.mark.asyncio


async def a_parked_poll(site: Site) -> "asyncio.Task[list[str]]":
    """Return a poll of a new worker in a new pool that has looked once, and rests."""
    await site.pools.CreateWorkPool(a_pool())
    await site.deployments.ApplyDeployment(an_apply())
    registration = a_registration()
    await site.work.Register(registration)

    async def poll() -> list[str]:
        with named_errors():
            reply = await site.work.Acquire(a_poll(registration.worker_id))
        return [work.lease.run.flow_run_id for work in reply.works]

    task = asyncio.create_task(poll())
    async with asyncio.timeout(HANG_LIMIT):
        await until(lambda: site.wire.calls["Claim"] >= 1)
    return task


async def run(site: Site, due: datetime | None = None) -> str:
    request = a_run()
    if due is not None:
        request.expected_start_time.FromDatetime(due)
    return (await site.deployments.RunDeployment(request)).flow_run_id


async def test_a_run_that_another_replica_made_wakes_a_worker(
    site: Site, database: Database
) -> None:
    """Nobody looks without being woken here, so that only the watch can have done it."""
    poll = await a_parked_poll(site)
    async with asyncio.timeout(HANG_LIMIT):
        await until(lambda: site.wire.calls["WatchFlowRuns"] >= 1)
        async with a_site(database, "local") as replica:
            flow_run_id = await run(replica)
            assert await poll == [flow_run_id]


async def test_a_run_is_handed_out_when_it_is_due(site: Site) -> None:
    poll = await a_parked_poll(site)
    due = datetime.now(UTC) + timedelta(milliseconds=300)
    flow_run_id = await run(site, due)
    async with asyncio.timeout(HANG_LIMIT):
        assert await poll == [flow_run_id]
    assert datetime.now(UTC) >= due


async def test_when_every_hint_is_lost_a_worker_looks_by_itself(tmp_path: Path) -> None:
    schemas = [schema_of("state"), schema_of("scheduler")]
    database = await open_database(f"sqlite:///{tmp_path}/penstock.db", schemas=schemas)
    soon = timedelta(milliseconds=50)
    async with a_site(database, "local", look_again=soon, follows=False) as site:
        poll = await a_parked_poll(site)
        async with a_site(database, "local") as replica:
            flow_run_id = await run(replica)
        async with asyncio.timeout(HANG_LIMIT):
            assert await poll == [flow_run_id]
    await database.close()


async def test_a_parked_poll_is_let_go_when_the_service_shuts_down(site: Site) -> None:
    poll = await a_parked_poll(site)
    site.drain()
    async with asyncio.timeout(HANG_LIMIT):
        with pytest.raises(ShuttingDown):
            await poll


async def test_runs_made_while_many_wait_go_to_one_worker_each(site: Site) -> None:
    polls = [await a_parked_poll(site)]
    for count in range(2, 6):
        registration = a_registration()
        await site.work.Register(registration)
        request = a_poll(registration.worker_id)
        polls.append(asyncio.ensure_future(acquired(site, request)))
        async with asyncio.timeout(HANG_LIMIT):
            await until(partial(_claimed, site, count))
    runs = [await run(site) for _ in polls]
    async with asyncio.timeout(HANG_LIMIT):
        got = [await poll for poll in polls]
    assert sorted(each for works in got for each in works) == sorted(runs)
    assert all(len(works) == 1 for works in got)


async def test_two_replicas_never_hand_out_the_same_run(site: Site, database: Database) -> None:
    async with a_site(database, "local") as replica:
        first = await a_parked_poll(site)
        polls = [first]
        for place in (site, replica, replica):
            registration = a_registration()
            await place.work.Register(registration)
            request = a_poll(registration.worker_id, slots=3)
            polls.append(asyncio.ensure_future(acquired(place, request)))
        makers = [site, replica] * 5
        runs = await asyncio.gather(*(run(maker) for maker in makers))
        async with asyncio.timeout(HANG_LIMIT):
            got = [each for poll in polls for each in await poll]
        last = a_registration()
        await site.work.Register(last)
        rest = a_poll(last.worker_id, slots=20, wait=timedelta(0))
        got += await acquired(site, rest)
    assert sorted(got) == sorted(runs)


async def test_a_run_that_nobody_acknowledged_wakes_the_next_worker(
    database: Database, place: tuple[str, str]
) -> None:
    hasty = state_wiring.Config(ack_deadline=timedelta(milliseconds=100))
    async with a_site(database, place[0], state_config=hasty) as site:
        lost = await a_parked_poll(site)
        flow_run_id = await run(site)
        assert await lost == [flow_run_id]
        registration = a_registration()
        await site.work.Register(registration)
        async with asyncio.timeout(HANG_LIMIT):
            reply = await site.work.Acquire(a_poll(registration.worker_id))
        (work,) = reply.works
        assert (work.lease.run.flow_run_id, work.lease.attempt) == (flow_run_id, 1)
        assert work.lease.lease_ref.fence > 1


def _claimed(site: Site, count: int) -> bool:
    return site.wire.calls["Claim"] >= count


async def acquired(site: Site, request: object) -> list[str]:
    reply = await site.work.Acquire(request)  # type: ignore[arg-type]
    return [work.lease.run.flow_run_id for work in reply.works]
