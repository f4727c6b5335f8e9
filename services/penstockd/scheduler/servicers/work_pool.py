"""WorkPoolService: protobuf in, protobuf out."""

import grpc

from penstock.api.scheduler.v1 import work_pool_pb2
from penstock.api.scheduler.v1 import work_pool_service_pb2 as pb
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import (
    WorkPoolServiceServicer,
    add_WorkPoolServiceServicer_to_server,
)
from penstockd.chassis.wire.intents import intent_of
from penstockd.chassis.wire.pages import TEXT, page_of
from penstockd.chassis.wire.times import put_time
from penstockd.scheduler.rules.work_pool import WorkPool, WorkQueue
from penstockd.scheduler.usecases.work_pool import WorkPools


class WorkPoolServicer(WorkPoolServiceServicer):
    def __init__(self, work_pools: WorkPools) -> None:
        self._work_pools = work_pools

    def add_to(self, server: grpc.aio.Server) -> None:
        add_WorkPoolServiceServicer_to_server(self, server)

    async def CreateWorkPool(
        self, request: pb.CreateWorkPoolRequest, context: object
    ) -> pb.CreateWorkPoolResponse:
        answer = await self._work_pools.create(
            intent_of(request),
            name=request.name,
            type_=request.type,
            description=request.description,
            render=_render_created,
        )
        return pb.CreateWorkPoolResponse.FromString(answer)

    async def GetWorkPool(
        self, request: pb.GetWorkPoolRequest, context: object
    ) -> pb.GetWorkPoolResponse:
        found = await self._work_pools.get(request.namespace, request.name)
        return pb.GetWorkPoolResponse(work_pool=_to_proto(found))

    async def ListWorkPools(
        self, request: pb.ListWorkPoolsRequest, context: object
    ) -> pb.ListWorkPoolsResponse:
        page = page_of(request, TEXT)
        found = await self._work_pools.page(
            request.namespace, after=page.after or "", limit=page.limit
        )
        shown, token = page.cut(found, _to_proto, key=lambda pool: pool.name)
        return pb.ListWorkPoolsResponse(work_pools=shown, next_page_token=token)

    async def CreateWorkQueue(
        self, request: pb.CreateWorkQueueRequest, context: object
    ) -> pb.CreateWorkQueueResponse:
        answer = await self._work_pools.create_queue(
            intent_of(request),
            work_pool=request.work_pool,
            name=request.name,
            priority=request.priority,
            render=_render_queue_created,
        )
        return pb.CreateWorkQueueResponse.FromString(answer)


def _to_proto(pool: WorkPool) -> work_pool_pb2.WorkPool:
    message = work_pool_pb2.WorkPool(
        id=str(pool.id),
        namespace=pool.namespace,
        name=pool.name,
        type=pool.type,
        description=pool.description,
        work_queues=map(_queue_to_proto, pool.work_queues),
        live_workers=pool.live_workers,
        revision=pool.revision,
    )
    put_time(message.create_time, pool.create_time)
    return message


def _queue_to_proto(queue: WorkQueue) -> work_pool_pb2.WorkQueue:
    message = work_pool_pb2.WorkQueue(name=queue.name, priority=queue.priority)
    put_time(message.create_time, queue.create_time)
    return message


def _render_created(pool: WorkPool) -> bytes:
    return pb.CreateWorkPoolResponse(work_pool=_to_proto(pool)).SerializeToString()


def _render_queue_created(pool: WorkPool) -> bytes:
    return pb.CreateWorkQueueResponse(work_pool=_to_proto(pool)).SerializeToString()
