"""WorkPoolService: protobuf in, protobuf out."""

from typing import Any
from uuid import UUID

import grpc

from penstock.api.scheduler.v1 import work_pool_pb2
from penstock.api.scheduler.v1 import work_pool_service_pb2 as pb
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import (
    WorkPoolServiceServicer,
    add_WorkPoolServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.keys import TEXT
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.pages import page_of
from penstockd.chassis.wire.times import put_time
from penstockd.scheduler.rules.work_pool import WorkPool, WorkPoolFilter, WorkQueue
from penstockd.scheduler.usecases.work_pool import WorkPools
from penstockd.scheduler.usecases.work_pool_deletion import WorkPoolDeletions


class WorkPoolServicer(WorkPoolServiceServicer):
    def __init__(self, work_pools: WorkPools, deletions: WorkPoolDeletions) -> None:
        self._work_pools = work_pools
        self._deletions = deletions

    def add_to(self, server: grpc.aio.Server) -> None:
        add_WorkPoolServiceServicer_to_server(self, server)

    async def CreateWorkPool(
        self, request: pb.CreateWorkPoolRequest, context: Any
    ) -> pb.CreateWorkPoolResponse:
        answer = await self._work_pools.create(
            intent_of(request),
            name=request.name,
            pool_type=request.pool_type,
            description=request.description,
            render=lambda pool: packed(pb.CreateWorkPoolResponse(work_pool=_to_proto(pool))),
        )
        tell_replay(context, answer)
        return pb.CreateWorkPoolResponse.FromString(answer.response)

    async def GetWorkPool(
        self, request: pb.GetWorkPoolRequest, context: object
    ) -> pb.GetWorkPoolResponse:
        found = await self._work_pools.get(request.namespace, _ref(request.work_pool))
        return pb.GetWorkPoolResponse(work_pool=_to_proto(found))

    async def ListWorkPools(
        self, request: pb.ListWorkPoolsRequest, context: object
    ) -> pb.ListWorkPoolsResponse:
        page = page_of(request, TEXT)
        found = await self._work_pools.page(
            request.namespace,
            WorkPoolFilter(
                names=tuple(request.filter.names),
                pool_types=tuple(request.filter.pool_types),
            ),
            after=page.after or "",
            limit=page.limit,
        )
        shown, token = page.cut(found, _to_proto, key=lambda pool: pool.name)
        return pb.ListWorkPoolsResponse(work_pools=shown, next_page_token=token)

    async def DeleteWorkPool(
        self, request: pb.DeleteWorkPoolRequest, context: Any
    ) -> pb.DeleteWorkPoolResponse:
        answer = await self._deletions.delete(
            intent_of(request),
            _ref(request.work_pool),
            render=lambda pool: packed(pb.DeleteWorkPoolResponse(work_pool=_to_proto(pool))),
        )
        tell_replay(context, answer)
        return pb.DeleteWorkPoolResponse.FromString(answer.response)

    async def CreateWorkQueue(
        self, request: pb.CreateWorkQueueRequest, context: Any
    ) -> pb.CreateWorkQueueResponse:
        answer = await self._work_pools.create_queue(
            intent_of(request),
            work_pool=_ref(request.work_pool),
            name=request.name,
            priority=request.priority,
            render=lambda pool: packed(pb.CreateWorkQueueResponse(work_pool=_to_proto(pool))),
        )
        tell_replay(context, answer)
        return pb.CreateWorkQueueResponse.FromString(answer.response)

    async def DeleteWorkQueue(
        self, request: pb.DeleteWorkQueueRequest, context: Any
    ) -> pb.DeleteWorkQueueResponse:
        answer = await self._deletions.delete_queue(
            intent_of(request),
            _ref(request.work_pool),
            request.name,
            render=lambda pool: packed(pb.DeleteWorkQueueResponse(work_pool=_to_proto(pool))),
        )
        tell_replay(context, answer)
        return pb.DeleteWorkQueueResponse.FromString(answer.response)


def _ref(message: work_pool_pb2.WorkPoolRef) -> UUID | str:
    return message.name if message.HasField("name") else uuid_of(message.id, "work_pool.id")


def _to_proto(pool: WorkPool) -> work_pool_pb2.WorkPool:
    message = work_pool_pb2.WorkPool(
        id=str(pool.id),
        namespace=pool.namespace,
        name=pool.name,
        pool_type=pool.pool_type,
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
