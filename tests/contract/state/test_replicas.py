"""Two processes serve one store: what one commits, those who wait at the other hear."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from builders import NAMESPACE
from contract.state.requests import (
    a_claim,
    a_creation,
    a_renewal,
    an_ending,
    ruling_of,
    type_of,
)
from contract.state.site import Inside, Site
from contract.state.watching import watching
from penstock.api.state.v1 import flow_run_service_pb2
from penstock.wire_channels import with_call_defaults
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.state.wiring import Config, build

pytestmark = pytest.mark.asyncio
PARKED = timedelta(seconds=30)


@pytest.fixture(params=["local on sqlite", "socket on postgresql"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture
async def other(url: str, inside: Inside) -> AsyncIterator[Site]:
    """Another replica, with the same time."""
    database = await open_database(url, schemas=[schema_of("state")])
    mounted = build(Config(), database, clock=inside.clock, liveness=inside.living)
    channel = local_channel(mounted, standard_chain())
    yield Site(with_call_defaults(channel), inside=inside)
    await channel.close()
    await database.close()


async def test_a_cancel_at_one_reaches_a_renewal_parked_at_the_other(
    site: Site, other: Site
) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await site.leases.Renew(a_renewal(session_id, (lease.lease_ref, "RUNNING")))
    renewal = a_renewal(session_id, (lease.lease_ref, "RUNNING"), wait=PARKED)

    async def parked() -> Any:
        return await site.leases.Renew(renewal)

    clock = asyncio.get_running_loop().time
    waiting = asyncio.create_task(parked())
    await asyncio.sleep(0.1)
    start = clock()
    await other.cancel(lease.run.flow_run_id)
    answer = await waiting
    assert ruling_of(answer.verdicts[0]) == "CANCEL"
    assert clock() - start < PARKED.total_seconds() / 2


async def test_renewals_of_one_session_may_go_to_either(site: Site, other: Site) -> None:
    """What is left out at one is taken back only if it is not listed at the other either."""
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    report = (lease.lease_ref, "RUNNING")
    await site.leases.Renew(a_renewal(session_id, report))
    for _ in range(3):
        await site.pass_time(seconds=5)
        await site.leases.Renew(a_renewal(session_id))
        await site.pass_time(seconds=5)
        await other.leases.Renew(a_renewal(session_id, report))
    assert await site.state(lease.run.flow_run_id) == "PENDING"


async def test_a_lease_is_completed_once_wherever(site: Site, other: Site) -> None:
    for _ in range(5):
        lease = await site.a_running_run()
        ended = an_ending(lease.lease_ref)
        cancelled = an_ending(lease.lease_ref, "cancelled")
        replies = await asyncio.gather(
            site.leases.Complete(ended),
            other.leases.Complete(cancelled),
            other.leases.Complete(ended),
        )
        assert replies[0] == replies[1] == replies[2]
        assert not replies[0].results[0].lost


async def test_a_watch_at_one_hears_what_the_other_commits(site: Site, other: Site) -> None:
    request = flow_run_service_pb2.WatchFlowRunsRequest(namespace=NAMESPACE)
    async with watching(site.flow_runs.WatchFlowRuns, request) as watcher:
        await watcher.batch()
        run = await other.a_run()
        assert list((await watcher.news()).changes) == [run]


async def test_a_request_repeated_at_the_other_happens_once(site: Site, other: Site) -> None:
    request = a_creation()
    replies = await asyncio.gather(
        *(it.flow_runs.CreateFlowRun(request) for it in (site, other, site, other))
    )
    assert all(reply == replies[0] for reply in replies)


async def test_an_idempotency_key_has_one_run_whoever_makes_it(site: Site, other: Site) -> None:
    replies = await asyncio.gather(
        *(
            it.flow_runs.CreateFlowRun(a_creation(idempotency_key="daily:noon"))
            for it in (site, other, site, other)
        )
    )
    assert len({reply.flow_run.id for reply in replies}) == 1


async def test_claims_at_both_never_share_a_run(site: Site, other: Site) -> None:
    waiting = {(await site.a_run()).id for _ in range(24)}
    session_id = await site.a_session()

    async def claim_all(replica: Site) -> list[str]:
        taken: list[str] = []
        while True:
            answer = await replica.leases.Claim(a_claim(session_id, limit=2))
            if not answer.claimed:
                return taken
            taken += [it.flow_run.id for it in answer.claimed]

    taken = await asyncio.gather(*(claim_all(it) for it in (site, other) * 4))
    handed_out = [run_id for each in taken for run_id in each]
    assert sorted(handed_out) == sorted(waiting)


async def test_a_fence_holds_at_every_replica(site: Site, other: Site) -> None:
    """Owner and canceller race: the run ends once, and its history has no gap."""
    for _ in range(5):
        lease = await site.a_running_run()
        await asyncio.gather(
            site.move(lease, "COMPLETED"),
            other.cancel(lease.run.flow_run_id),
            other.move(lease, "FAILED"),
        )
        history = await site.history(lease.run.flow_run_id)
        revisions = [it.revision for it in history]
        assert revisions == list(range(1, len(revisions) + 1))
        run = await site.run(lease.run.flow_run_id)
        assert type_of(run.state) in {"COMPLETED", "FAILED", "CANCELLED"}
        last = history[-1]
        assert (run.revision, run.state) == (last.revision, last.state)
