import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contract.scheduler.requests import (
    HOME,
    a_poll,
    a_pool,
    a_registration,
    handlers,
)
from contract.scheduler.site import Site
from contract.scheduler.yards import a_worker, a_yard, close, run
from hanging import HANG_LIMIT
from penstock.api.scheduler.v1 import worker_pb2, worker_service_pb2
from penstock.api.type.v1 import launch_spec_pb2, lease_pb2, resources_pb2
from penstock.errors import (
    InvalidArgument,
    NotSupportedYet,
    PageTokenInvalid,
    ProtocolVersionUnsupported,
    Unavailable,
    WorkerSessionClosed,
    WorkPoolNotFound,
    WorkQueueNotFound,
)
from penstock.wire_errors import named_errors
from unit.scheduler.builders import an_id

pytestmark = pytest.mark.asyncio


async def test_a_worker_learns_the_terms_of_its_session(site: Site) -> None:
    await a_yard(site)
    request = a_registration()
    reply = await site.work.Register(request)
    assert reply.ttl.ToTimedelta() == timedelta(seconds=15)
    assert reply.renew_interval.ToTimedelta() == timedelta(seconds=5)
    assert reply.ack_deadline.ToTimedelta() == timedelta(seconds=5)
    assert (reply.protocol_version, reply.pool_type) == (1, "process")
    assert await site.work.Register(request) == reply


async def test_a_worker_serves_a_pool_and_queues_that_are_there(site: Site) -> None:
    with pytest.raises(WorkPoolNotFound), named_errors():
        await site.work.Register(a_registration())
    await a_yard(site)
    with pytest.raises(WorkQueueNotFound), named_errors():
        await site.work.Register(a_registration(work_queues=["default", "other"]))


async def test_a_worker_has_slots_and_nothing_else_is_counted_yet(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    for asked, error, field in (
        ({}, InvalidArgument, "slots"),
        ({"slots": 1, "cpu_milli": 500}, NotSupportedYet, "cpu_milli"),
        ({"slots": 1, "mem_bytes": 1}, NotSupportedYet, "mem_bytes"),
        ({"slots": 1, "gpu": 1}, NotSupportedYet, "gpu"),
    ):
        resources = resources_pb2.Resources(**asked)
        with pytest.raises(error) as caught, named_errors():
            await site.work.Register(a_registration(capacity=resources))
        assert caught.value.metadata["field"] == f"manifest.capacity.{field}"
        with pytest.raises(error) as caught, named_errors():
            await site.work.Acquire(a_poll(worker, free=resources))
        assert caught.value.metadata["field"] == f"free.{field}"


async def test_a_worker_of_another_protocol_is_told_which_one_is_spoken(site: Site) -> None:
    await a_yard(site)
    request = a_registration(protocol_version=99)
    with pytest.raises(ProtocolVersionUnsupported, match="version 99") as caught:  # noqa: SIM117
        with named_errors():
            await site.work.Register(request)
    assert caught.value.metadata == {"supported": "1"}
    assert (await list_workers(site)).workers == []
    assert site.wire.calls["OpenWorkerSession"] == 0


async def test_a_worker_that_can_start_nothing_is_refused(site: Site) -> None:
    await a_yard(site)
    with pytest.raises(InvalidArgument) as caught, named_errors():
        await site.work.Register(a_registration(programs=[]))
    assert caught.value.metadata["field"] == "manifest.programs"


async def test_who_registers_again_is_told_what_to_do_with_each_lease(site: Site) -> None:
    await a_yard(site)
    worker = an_id()
    await site.work.Register(a_registration(worker))
    await run(site)
    (work,) = (await site.work.Acquire(a_poll(str(worker)))).works
    held = [
        lease_pb2.LeaseReport(lease=ref, phase=lease_pb2.LEASE_PHASE_ACKNOWLEDGED)
        for ref in (
            lease_pb2.LeaseRef(lease_id=str(an_id()), fence=1),
            work.lease.lease_ref,
        )
    ]
    reply = await site.work.Register(a_registration(worker, held=held))
    assert [(it.lease_id, it.ruling) for it in reply.verdicts] == [
        (held[0].lease.lease_id, lease_pb2.LEASE_RULING_LOST),
        (held[1].lease.lease_id, lease_pb2.LEASE_RULING_OK),
    ]


async def test_a_worker_whose_session_was_closed_needs_a_new_id(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    await close(site, worker)
    with pytest.raises(WorkerSessionClosed), named_errors():
        await site.work.Register(a_registration(UUID(worker)))


async def test_a_worker_cannot_register_without_the_state_service(site: Site) -> None:
    await a_yard(site)
    site.wire.cut = True
    with pytest.raises(Unavailable), named_errors():
        await site.work.Register(a_registration())


async def list_workers(site: Site, **wanted: Any) -> worker_service_pb2.ListWorkersResponse:
    request = worker_service_pb2.ListWorkersRequest(namespace=HOME)
    request.filter.CopyFrom(worker_pb2.WorkerFilter(**wanted))
    return await site.workers.ListWorkers(request)


async def test_workers_are_listed_newest_first_with_those_alive(site: Site) -> None:
    await a_yard(site)
    first, second, third = [await a_worker(site) for _ in range(3)]
    await close(site, second)
    async with asyncio.timeout(HANG_LIMIT):
        while len((await list_workers(site, alive_only=True)).workers) > 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    request = worker_service_pb2.ListWorkersRequest(namespace=HOME, page_size=2)
    page = await site.workers.ListWorkers(request)
    assert [(it.id, it.alive) for it in page.workers] == [(third, True), (second, False)]
    request.page_token = page.next_page_token
    rest = await site.workers.ListWorkers(request)
    assert ([it.id for it in rest.workers], rest.next_page_token) == ([first], "")
    request.filter.work_pools.append("other")
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.workers.ListWorkers(request)
    request.page_size = 201
    with pytest.raises(InvalidArgument), named_errors():
        await site.workers.ListWorkers(request)


async def test_a_worker_is_told_as_it_registered_last(site: Site) -> None:
    await a_yard(site)
    worker = await a_worker(site)
    request = a_registration(
        UUID(worker),
        name="host:8",
        work_queues=["slow"],
        capacity=resources_pb2.Resources(slots=9),
        programs=[launch_spec_pb2.PROGRAM_KIND_COMMAND],
        handlers=handlers("images/resize", "images/crop"),
        execution_address="10.0.0.7:7475",
    )
    await site.work.Register(request)
    (seen,) = (await list_workers(site)).workers
    assert (seen.id, seen.manifest, seen.alive) == (worker, request.manifest, True)


async def test_workers_are_listed_by_what_is_asked(site: Site) -> None:
    await a_yard(site)
    await site.pools.CreateWorkPool(a_pool("other"))
    here, there = await a_worker(site), await a_worker(site, work_pool="other")

    async def listed(**wanted: Any) -> list[str]:
        return [worker.id for worker in (await list_workers(site, **wanted)).workers]

    assert await listed() == [there, here]
    assert await listed(work_pools=["local", "none"]) == [here]
    assert await listed(worker_ids=[there, str(an_id())]) == [there]
    assert await listed(worker_ids=[there], work_pools=["local"]) == []
    assert await listed(alive_only=True) == [there, here]
