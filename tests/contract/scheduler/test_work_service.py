import asyncio
from datetime import timedelta

import pytest

from contract.scheduler.requests import (
    HOME,
    a_poll,
    a_run,
    an_apply,
    handlers,
    json_payload,
)
from contract.scheduler.site import Site
from contract.scheduler.yards import AT_ONCE, a_worker, a_yard, close, run
from hanging import HANG_LIMIT
from penstock.api.scheduler.v1 import work_service_pb2 as pb
from penstock.api.state.v1 import lease_service_pb2
from penstock.api.type.v1 import launch_spec_pb2, lease_pb2, payload_pb2
from penstock.errors import (
    InvalidArgument,
    RequestIdReused,
    WorkerSessionNotFound,
)
from penstock.wire_errors import named_errors
from unit.scheduler.builders import a_spec_message, an_id, until

pytestmark = pytest.mark.asyncio


async def acquired(site: Site, request: pb.AcquireRequest) -> list[str]:
    reply = await site.work.Acquire(request)
    return [work.lease.run.flow_run_id for work in reply.works]


async def parked(site: Site, *, claims: int = 1) -> None:
    """Return when polls have claimed so often."""
    async with asyncio.timeout(HANG_LIMIT):
        await until(lambda: site.wire.calls["Claim"] >= claims)


async def test_a_hand_out_has_all_that_is_needed_to_start(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    given = {"height": json_payload("2")}
    reply = await site.deployments.RunDeployment(a_run(parameters=given, flow_run_name="calm"))
    (work,) = (await site.work.Acquire(a_poll(worker))).works
    assert work.lease.run.flow_run_id == reply.flow_run_id
    assert (work.lease.session_id, work.lease.namespace) == (worker, HOME)
    assert (work.lease.attempt, work.lease.reason) == (1, lease_pb2.LEASE_REASON_RUN)
    assert work.lease.resources.slots == 1
    assert work.spec == a_spec_message(work_queue="default", parameters=given)
    assert (work.flow_run_name, work.deployment_version) == ("calm", 1)
    assert work.deployment_id
    report = lease_pb2.LeaseReport(
        lease=work.lease.lease_ref, phase=lease_pb2.LEASE_PHASE_ACKNOWLEDGED
    )
    renewal = lease_service_pb2.RenewRequest(
        namespace=HOME, session_id=worker, reports=[report]
    )
    (verdict,) = (await site.leases.Renew(renewal)).verdicts
    assert verdict.ruling == lease_pb2.LEASE_RULING_OK


async def test_a_waiting_worker_is_woken_by_a_new_run(site: Site) -> None:
    await a_yard(site)
    poll = asyncio.ensure_future(acquired(site, a_poll(await a_worker(site))))
    await parked(site)
    flow_run_id = await run(site)
    assert await poll == [flow_run_id]
    assert site.wire.calls["Claim"] == 2  # nobody looked without being woken


async def test_a_wait_without_runs_ends_empty(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    assert await acquired(site, a_poll(worker, wait=timedelta(milliseconds=30))) == []


async def test_credits_are_never_exceeded(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    runs = [await run(site) for _ in range(5)]
    assert await acquired(site, a_poll(worker, slots=3)) == runs[:3]
    assert await acquired(site, a_poll(worker, slots=3)) == runs[3:]


async def test_an_answer_is_cut_before_it_is_too_large_for_a_message(site: Site) -> None:
    """Each run has as many parameters as are allowed: all of them take 4.5 MiB."""
    await a_yard(site)
    worker = await a_worker(site)
    pickle = payload_pb2.Payload(content_type="application/x-cloudpickle", inline=bytes(65_536))
    large = {f"p{number}": pickle for number in range(8)}
    runs = [await run(site, parameters=large) for _ in range(9)]
    first = await site.work.Acquire(a_poll(worker, slots=100))
    assert 2 * 1024 * 1024 < first.ByteSize() < 4 * 1024 * 1024
    got = [work.lease.run.flow_run_id for work in first.works]
    got += await acquired(site, a_poll(worker, slots=100))
    assert got == runs


async def test_at_most_25_runs_are_handed_out_at_once(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    runs = [await run(site) for _ in range(27)]
    assert await acquired(site, a_poll(worker, slots=100)) == runs[:25]
    assert await acquired(site, a_poll(worker, slots=100)) == runs[25:]


async def a_mixed_yard(site: Site) -> tuple[str, str]:
    """Return a worker for Python and one for a handler, each with a deployment of its own."""
    await a_yard(site)
    launch = launch_spec_pb2.LaunchSpec(handler="images/resize")
    await site.deployments.ApplyDeployment(
        an_apply(name="resize", spec=a_spec_message(launch=launch))
    )
    python = await a_worker(site)
    return python, await a_worker(site, programs=[], handlers=handlers("images/resize"))


async def test_a_run_goes_only_to_a_worker_that_can_start_it(site: Site) -> None:
    python, resizer = await a_mixed_yard(site)
    resize, ordinary = await run(site, "spring/resize"), await run(site)
    assert await acquired(site, a_poll(python, slots=4)) == [ordinary]
    assert await acquired(site, a_poll(resizer, slots=4)) == [resize]
    other = await a_worker(site, programs=[], handlers=handlers("images/crop"))
    await run(site, "spring/resize")
    assert await acquired(site, a_poll(other, slots=4, wait=AT_ONCE)) == []


async def test_workers_of_two_kinds_are_woken_for_their_own_runs_in_turn(site: Site) -> None:
    """Nobody looks by itself here, so that each run must wake the one who can start it."""
    python, resizer = await a_mixed_yard(site)
    for number in range(3):
        before = site.wire.calls["Claim"]
        polls = [
            asyncio.ensure_future(acquired(site, a_poll(worker)))
            for worker in (python, resizer)
        ]
        await parked(site, claims=before + 2)
        names = ["spring/resize", "spring/daily"][:: 1 if number % 2 else -1]
        runs = {name: await run(site, name) for name in names}
        async with asyncio.timeout(HANG_LIMIT):
            got = [await poll for poll in polls]
        assert got == [[runs["spring/daily"]], [runs["spring/resize"]]]
        assert site.wire.calls["Claim"] == before + 4


async def test_two_polls_never_get_the_same_run(site: Site) -> None:
    await a_yard(site)
    workers = [await a_worker(site) for _ in range(4)]
    polls = [asyncio.ensure_future(acquired(site, a_poll(it, slots=2))) for it in workers]
    await parked(site, claims=4)
    runs = await asyncio.gather(*(run(site) for _ in range(8)))
    got = [each for poll in polls for each in await poll]
    for worker in workers:
        got += await acquired(site, a_poll(worker, slots=8, wait=AT_ONCE))
    assert sorted(got) == sorted(runs)


async def test_the_most_urgent_queue_comes_first(site: Site) -> None:
    await a_yard(site)
    slow, ordinary = await run(site, "spring/slow"), await run(site)
    worker = await a_worker(site)
    assert await acquired(site, a_poll(worker, slots=2)) == [ordinary, slow]


async def test_a_worker_gets_runs_of_its_queues_only(site: Site) -> None:
    await a_yard(site)
    slow, _ordinary = await run(site, "spring/slow"), await run(site)
    worker = await a_worker(site, work_queues=["slow"])
    assert await acquired(site, a_poll(worker, slots=2)) == [slow]


async def test_a_poll_that_comes_again_gets_the_same_work(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    await run(site)
    request = a_poll(worker)
    first = await site.work.Acquire(request)
    await run(site)
    assert await site.work.Acquire(request) == first
    request.free.slots = 2
    with pytest.raises(RequestIdReused), named_errors():
        await site.work.Acquire(request)


async def test_a_poll_that_was_empty_looks_anew(site: Site) -> None:
    await a_yard(site)
    request = a_poll(await a_worker(site), wait=AT_ONCE)
    assert await acquired(site, request) == []
    flow_run_id = await run(site)
    assert await acquired(site, request) == [flow_run_id]


async def test_an_unknown_or_ended_worker_must_register(site: Site) -> None:
    await a_yard(site)
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await site.work.Acquire(a_poll(str(an_id())))
    worker = await a_worker(site)
    await run(site)
    await close(site, worker)
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await site.work.Acquire(a_poll(worker))


async def test_a_poll_has_bounds(site: Site) -> None:
    for request in (
        a_poll(str(an_id()), slots=0),
        a_poll(str(an_id()), slots=10_001),
        a_poll(str(an_id()), wait=timedelta(seconds=31)),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await site.work.Acquire(request)
