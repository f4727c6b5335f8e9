from uuid import UUID

import pytest

from contract.scheduler.requests import HOME, a_pool, a_queue, a_registration
from contract.scheduler.site import Site
from penstock.api.scheduler.v1 import work_pool_service_pb2 as pb
from penstock.errors import (
    InvalidArgument,
    PageTokenInvalid,
    RequestIdReused,
    WorkPoolExists,
    WorkPoolNotFound,
    WorkQueueExists,
)
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio


@pytest.fixture(params=["local", "socket"])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The store passes one suite on both databases: here one of them is enough."""
    return request.param, "sqlite"


async def test_a_new_pool_has_a_queue_called_default(site: Site) -> None:
    pool = (await site.pools.CreateWorkPool(a_pool(description="here"))).work_pool
    assert (UUID(pool.id).version, pool.revision, pool.type) == (7, 1, "process")
    assert [(queue.name, queue.priority) for queue in pool.work_queues] == [("default", 1)]
    found = await site.pools.GetWorkPool(pb.GetWorkPoolRequest(namespace=HOME, name="local"))
    assert found.work_pool == pool


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


async def test_a_pool_of_an_unknown_type_or_name_is_refused(site: Site) -> None:
    for request in (a_pool(type="zeppelin"), a_pool(name="no/slash")):
        with pytest.raises(InvalidArgument), named_errors():
            await site.pools.CreateWorkPool(request)
    with pytest.raises(InvalidArgument), named_errors():
        await site.pools.CreateWorkQueue(a_queue(priority=0))
    with pytest.raises(InvalidArgument), named_errors():
        await site.pools.GetWorkPool(pb.GetWorkPoolRequest(namespace=HOME))
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
        await site.pools.GetWorkPool(pb.GetWorkPoolRequest(namespace=HOME, name="local"))
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
