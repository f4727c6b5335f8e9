import asyncio
from typing import Any
from uuid import UUID

import pytest

from contract.scheduler.requests import (
    HOME,
    a_deletion,
    a_pool,
    a_pool_deletion,
    a_queue,
    a_queue_deletion,
    a_registration,
    a_run,
    an_apply,
    get_pool,
    pool_ref,
)
from contract.scheduler.site import Site
from hanging import HANG_LIMIT
from penstock.api.scheduler.v1 import work_pool_pb2
from penstock.api.scheduler.v1 import work_pool_service_pb2 as pb
from penstock.api.state.v1 import worker_session_service_pb2
from penstock.errors import (
    InvalidArgument,
    NotSupportedYet,
    PageTokenInvalid,
    RequestIdReused,
    ResourceInUse,
    Unavailable,
    WorkPoolExists,
    WorkPoolNotFound,
    WorkQueueExists,
    WorkQueueNotFound,
)
from penstock.wire_errors import named_errors
from unit.scheduler.builders import a_spec_message, an_id

pytestmark = pytest.mark.asyncio


@pytest.fixture(params=["local", "socket"])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The store passes one suite on both databases: here one of them is enough."""
    return request.param, "sqlite"


async def test_a_new_pool_has_a_queue_called_default(site: Site) -> None:
    pool = (await site.pools.CreateWorkPool(a_pool(description="here"))).work_pool
    assert (UUID(pool.id).version, pool.revision, pool.pool_type) == (7, 1, "process")
    assert [(queue.name, queue.priority) for queue in pool.work_queues] == [("default", 1)]
    for ref in (pool_ref(), work_pool_pb2.WorkPoolRef(id=pool.id)):
        assert (await site.pools.GetWorkPool(get_pool(ref))).work_pool == pool


async def test_a_request_that_comes_twice_makes_one_pool(site: Site) -> None:
    request = a_pool()
    first = await site.pools.CreateWorkPool(request)
    assert await site.pools.CreateWorkPool(request) == first


async def test_a_request_id_serves_one_pool_or_queue(site: Site) -> None:
    request = a_pool()
    await site.pools.CreateWorkPool(request)
    request.description = "other"
    with pytest.raises(RequestIdReused), named_errors():
        await site.pools.CreateWorkPool(request)
    queue = a_queue()
    await site.pools.CreateWorkQueue(queue)
    queue.priority = 7
    with pytest.raises(RequestIdReused), named_errors():
        await site.pools.CreateWorkQueue(queue)


async def test_a_pools_name_is_taken_once(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    with pytest.raises(WorkPoolExists), named_errors():
        await site.pools.CreateWorkPool(a_pool())


async def test_a_pool_whose_runs_no_executor_starts_is_not_supported_yet(site: Site) -> None:
    with pytest.raises(NotSupportedYet, match="use process") as caught, named_errors():
        await site.pools.CreateWorkPool(a_pool(pool_type="zeppelin"))
    assert caught.value.metadata["field"] == "pool_type"


async def test_what_breaks_a_rule_is_refused(site: Site) -> None:
    for request in (a_pool(pool_type="No Type"), a_pool(name="no/slash")):
        with pytest.raises(InvalidArgument), named_errors():
            await site.pools.CreateWorkPool(request)
    with pytest.raises(InvalidArgument), named_errors():
        await site.pools.CreateWorkQueue(a_queue(priority=0))
    with pytest.raises(InvalidArgument), named_errors():
        await site.pools.GetWorkPool(get_pool(work_pool_pb2.WorkPoolRef()))
    with pytest.raises(InvalidArgument), named_errors():
        await site.pools.ListWorkPools(pb.ListWorkPoolsRequest(namespace=HOME, page_size=201))


async def test_queues_are_told_the_most_urgent_first(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    await site.pools.CreateWorkQueue(a_queue("slow", priority=9))
    reply = await site.pools.CreateWorkQueue(a_queue("also", priority=1))
    assert [queue.name for queue in reply.work_pool.work_queues] == ["also", "default", "slow"]
    assert reply.work_pool.revision == 3


async def test_a_queues_name_is_taken_once(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    with pytest.raises(WorkQueueExists), named_errors():
        await site.pools.CreateWorkQueue(a_queue("default"))


async def test_an_unknown_pool_is_an_error(site: Site) -> None:
    with pytest.raises(WorkPoolNotFound), named_errors():
        await site.pools.GetWorkPool(get_pool(pool_ref()))
    with pytest.raises(WorkPoolNotFound), named_errors():
        await site.pools.GetWorkPool(get_pool(work_pool_pb2.WorkPoolRef(id=str(an_id()))))
    with pytest.raises(WorkPoolNotFound), named_errors():
        await site.pools.CreateWorkQueue(a_queue())


async def test_pools_are_listed_by_name_a_page_at_a_time(site: Site) -> None:
    for name in ("b", "c", "a"):
        await site.pools.CreateWorkPool(a_pool(name))
    await site.pools.CreateWorkPool(a_pool("z", namespace="away"))
    await site.work.Register(a_registration(work_pool="b"))
    request = pb.ListWorkPoolsRequest(namespace=HOME, page_size=2)
    first = await site.pools.ListWorkPools(request)
    assert [(pool.name, pool.live_workers) for pool in first.work_pools] == [("a", 0), ("b", 1)]
    request.page_token = first.next_page_token
    rest = await site.pools.ListWorkPools(request)
    assert ([pool.name for pool in rest.work_pools], rest.next_page_token) == (["c"], "")
    request.namespace = "away"
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.pools.ListWorkPools(request)


async def test_pools_are_listed_by_what_is_asked(site: Site) -> None:
    for name in ("a", "b", "c"):
        await site.pools.CreateWorkPool(a_pool(name))

    async def listed(**wanted: list[str]) -> list[str]:
        request = pb.ListWorkPoolsRequest(namespace=HOME)
        request.filter.CopyFrom(pb.WorkPoolFilter(**wanted))
        return [pool.name for pool in (await site.pools.ListWorkPools(request)).work_pools]

    assert await listed(names=["a", "c", "z"]) == ["a", "c"]
    assert await listed(pool_types=["process"]) == ["a", "b", "c"]
    assert await listed(names=["a"], pool_types=["kubernetes"]) == []


async def test_a_queue_is_added_to_a_pool_by_id(site: Site) -> None:
    pool = (await site.pools.CreateWorkPool(a_pool())).work_pool
    ref = work_pool_pb2.WorkPoolRef(id=pool.id)
    reply = await site.pools.CreateWorkQueue(a_queue(work_pool=ref))
    assert {queue.name for queue in reply.work_pool.work_queues} == {"urgent", "default"}


async def test_a_pool_that_nobody_uses_is_deleted_with_its_queues(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    pool = (await site.pools.CreateWorkQueue(a_queue())).work_pool
    request = a_pool_deletion(work_pool_pb2.WorkPoolRef(id=pool.id))
    reply = await site.pools.DeleteWorkPool(request)
    assert reply.work_pool == pool
    with pytest.raises(WorkPoolNotFound), named_errors():
        await site.pools.GetWorkPool(get_pool(pool_ref()))
    assert await site.pools.DeleteWorkPool(request) == reply
    with pytest.raises(WorkPoolNotFound), named_errors():
        await site.pools.DeleteWorkPool(a_pool_deletion())
    again = (await site.pools.CreateWorkPool(a_pool())).work_pool
    assert [queue.name for queue in again.work_queues] == ["default"]


async def in_use(site: Site, request: pb.DeleteWorkPoolRequest) -> dict[str, str]:
    with pytest.raises(ResourceInUse) as caught, named_errors():
        await site.pools.DeleteWorkPool(request)
    return dict(caught.value.metadata)


async def test_a_pool_that_is_used_is_kept_and_its_users_are_counted(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    worker = a_registration()
    await site.work.Register(worker)
    await site.deployments.ApplyDeployment(an_apply())
    for _ in range(2):
        await site.deployments.RunDeployment(a_run())
    request = a_pool_deletion()
    users = {"live_workers": "1", "deployments": "1", "flow_runs": "2"}
    assert await in_use(site, request) == users
    await site.sessions.CloseWorkerSession(
        worker_session_service_pb2.CloseWorkerSessionRequest(
            namespace=HOME, session_id=worker.worker_id
        )
    )
    async with asyncio.timeout(HANG_LIMIT):
        while "live_workers" in await in_use(site, request):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await site.deployments.DeleteDeployment(a_deletion(cancel=True))
    # A refusal is no answer that is remembered: the same request goes through now.
    assert (await site.pools.DeleteWorkPool(request)).work_pool.name == "local"


async def test_a_queue_that_is_used_is_kept_and_its_users_are_counted(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    await site.pools.CreateWorkQueue(a_queue())
    await site.work.Register(a_registration(work_queues=["urgent"]))
    await site.work.Register(a_registration())  # serves all, and names none
    spec = a_spec_message(work_queue="urgent")
    await site.deployments.ApplyDeployment(an_apply(spec=spec))
    await site.deployments.ApplyDeployment(an_apply(name="other"))
    await site.deployments.RunDeployment(a_run())
    await site.deployments.RunDeployment(a_run("spring/other"))
    with pytest.raises(ResourceInUse, match="'urgent'") as caught, named_errors():
        await site.pools.DeleteWorkQueue(a_queue_deletion())
    users = {"live_workers": "1", "deployments": "1", "flow_runs": "1"}
    assert caught.value.metadata == users


async def test_a_queue_that_nobody_uses_is_deleted(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    await site.pools.CreateWorkQueue(a_queue())
    request = a_queue_deletion()
    reply = await site.pools.DeleteWorkQueue(request)
    assert [queue.name for queue in reply.work_pool.work_queues] == ["default"]
    assert reply.work_pool.revision == 3
    assert await site.pools.DeleteWorkQueue(request) == reply
    with pytest.raises(WorkQueueNotFound), named_errors():
        await site.pools.DeleteWorkQueue(a_queue_deletion())
    with (
        pytest.raises(InvalidArgument, match="only deleted together with its pool"),
        named_errors(),
    ):
        await site.pools.DeleteWorkQueue(a_queue_deletion("default"))


async def test_nothing_is_deleted_while_nobody_can_count_the_runs(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    await site.pools.CreateWorkQueue(a_queue())
    site.wire.cut = True
    with pytest.raises(Unavailable), named_errors():
        await site.pools.DeleteWorkPool(a_pool_deletion())
    with pytest.raises(Unavailable), named_errors():
        await site.pools.DeleteWorkQueue(a_queue_deletion())
    pool = (await site.pools.GetWorkPool(get_pool(pool_ref()))).work_pool
    assert len(pool.work_queues) == 2


async def test_a_replayed_answer_says_so(site: Site) -> None:
    request = a_pool()
    assert not await replayed(site.pools.CreateWorkPool(request))
    assert await replayed(site.pools.CreateWorkPool(request))


async def replayed(call: Any) -> bool:
    await call
    return ("x-replayed", "1") in [tuple(each) for each in await call.trailing_metadata()]
