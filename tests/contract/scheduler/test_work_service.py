import asyncio
from datetime import timedelta
from typing import Any

import pytest

from contract.scheduler.requests import (
    HOME,
    a_poll,
    a_pool,
    a_queue,
    a_registration,
    a_run,
    an_apply,
    json_payload,
)
from contract.scheduler.site import Site
from penstock.api.scheduler.v1 import work_service_pb2 as pb
from penstock.api.state.v1 import lease_pb2, lease_service_pb2, worker_session_service_pb2
from penstock.errors import (
    InvalidArgument,
    PageTokenInvalid,
    RequestIdReused,
    Unavailable,
    WorkerSessionNotFound,
    WorkPoolNotFound,
    WorkQueueNotFound,
)
from penstock.wire_errors import named_errors
from unit.scheduler.builders import an_id, until

pytestmark = pytest.mark.asyncio

AT_ONCE = timedelta(0)


async def a_yard(site: Site) -> None:
    """A pool with the queues "urgent" and "default", and a deployment for each."""
    await site.pools.CreateWorkPool(a_pool())
    await site.pools.CreateWorkQueue(a_queue("slow", priority=9))
    await site.deployments.ApplyDeployment(an_apply())
    await site.deployments.ApplyDeployment(
        an_apply(name="slow", spec=a_spec_message(work_queue="slow"))
    )


async def a_worker(site: Site, **changes: Any) -> str:
    request = a_registration(**changes)
    await site.work.Register(request)
    return request.worker_id


async def run(site: Site, name: str = "spring/daily", **changes: Any) -> str:
    return (await site.deployments.RunDeployment(a_run(name, **changes))).flow_run_id


async def acquired(site: Site, request: pb.AcquireRequest) -> list[str]:
    reply = await site.work.Acquire(request)
    return [work.lease.run.flow_run_id for work in reply.works]


async def parked(site: Site, *, claims: int = 1) -> None:
    """Return when polls have claimed so often."""
    async with asyncio.timeout(15):
        await until(lambda: site.wire.calls["Claim"] >= claims)


async def test_a_worker_learns_the_terms_of_its_session(site: Site) -> None:
    await a_yard(site)
    request = a_registration()
    reply = await site.work.Register(request)
    assert reply.ttl.ToTimedelta() == timedelta(seconds=15)
    assert reply.renew_interval.ToTimedelta() == timedelta(seconds=5)
    assert reply.ack_deadline.ToTimedelta() == timedelta(seconds=5)
    assert reply.protocol_version == 1
    assert await site.work.Register(request) == reply


async def test_a_worker_serves_a_pool_and_queues_that_are_there(site: Site) -> None:
    with pytest.raises(WorkPoolNotFound), named_errors():
        await site.work.Register(a_registration())
    await a_yard(site)
    with pytest.raises(WorkQueueNotFound), named_errors():
        await site.work.Register(a_registration(work_queues=["default", "other"]))
    with pytest.raises(InvalidArgument), named_errors():
        await site.work.Register(a_registration(slots=0))


async def test_a_worker_cannot_register_without_the_state_service(site: Site) -> None:
    await a_yard(site)
    site.wire.cut = True
    with pytest.raises(Unavailable), named_errors():
        await site.work.Register(a_registration())


async def test_a_hand_out_has_all_that_is_needed_to_start(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    flow_run_id = await run(site, parameters=json_payload('{"height":2}'))
    (work,) = (await site.work.Acquire(a_poll(worker))).works
    assert (work.lease.run.flow_run_id, work.flow_name) == (flow_run_id, "spring")
    assert (work.lease.fence, work.attempt, work.reason) == (1, 1, "run")
    assert work.launch == a_spec_message().launch
    assert work.parameters == json_payload('{"height":2}')
    assert (work.deployment_version, work.cost.slots) == (1, 1)
    report = lease_service_pb2.LeaseReport(
        lease=work.lease, phase=lease_pb2.LEASE_PHASE_ACKNOWLEDGED
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
    await a_yard(site)
    worker = await a_worker(site)
    large = json_payload('{"text":"' + "x" * 65_000 + '"}')
    runs = [await run(site, parameters=large) for _ in range(27)]
    assert await acquired(site, a_poll(worker, slots=100)) == runs[:25]
    assert await acquired(site, a_poll(worker, slots=100)) == runs[25:]


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
    await site.sessions.CloseWorkerSession(
        worker_session_service_pb2.CloseWorkerSessionRequest(namespace=HOME, session_id=worker)
    )
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await site.work.Acquire(a_poll(worker))


async def test_a_poll_has_bounds(site: Site) -> None:
    for request in (
        a_poll(str(an_id()), slots=0),
        a_poll(str(an_id()), slots=101),
        a_poll(str(an_id()), wait=timedelta(seconds=31)),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await site.work.Acquire(request)


async def test_workers_are_listed_newest_first_with_those_alive(site: Site) -> None:
    await a_yard(site)
    first, second, third = [await a_worker(site) for _ in range(3)]
    await site.sessions.CloseWorkerSession(
        worker_session_service_pb2.CloseWorkerSessionRequest(namespace=HOME, session_id=second)
    )
    request = pb.ListWorkersRequest(namespace=HOME, work_pool="local", alive_only=True)
    async with asyncio.timeout(15):
        while len((await site.workers.ListWorkers(request)).workers) > 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    request.alive_only, request.page_size = False, 2
    page = await site.workers.ListWorkers(request)
    assert [(it.id, it.alive) for it in page.workers] == [(third, True), (second, False)]
    request.page_token = page.next_page_token
    rest = await site.workers.ListWorkers(request)
    assert ([it.id for it in rest.workers], rest.next_page_token) == ([first], "")
    assert rest.workers[0].manifest == a_registration().manifest
    request.work_pool = "other"
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.workers.ListWorkers(request)
    request.page_size = 201
    with pytest.raises(InvalidArgument), named_errors():
        await site.workers.ListWorkers(request)
