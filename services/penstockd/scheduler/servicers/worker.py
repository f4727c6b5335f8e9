"""WorkerService: protobuf in, protobuf out."""

from datetime import UTC, datetime
from uuid import UUID

import grpc

from penstock.api.scheduler.v1 import worker_pb2
from penstock.api.scheduler.v1 import worker_service_pb2 as pb
from penstock.api.scheduler.v1.worker_service_pb2_grpc import (
    WorkerServiceServicer,
    add_WorkerServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import uuid_of
from penstockd.chassis.wire.keys import ID, TIME, pair
from penstockd.chassis.wire.pages import page_of
from penstockd.chassis.wire.times import put_time
from penstockd.scheduler.rules.worker import Worker, WorkerFilter
from penstockd.scheduler.servicers.worker_manifest import manifest_to_proto
from penstockd.scheduler.usecases.worker import Workers

FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC), UUID(int=0)


class WorkerServicer(WorkerServiceServicer):
    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    def add_to(self, server: grpc.aio.Server) -> None:
        add_WorkerServiceServicer_to_server(self, server)

    async def ListWorkers(
        self, request: pb.ListWorkersRequest, context: object
    ) -> pb.ListWorkersResponse:
        page = page_of(request, pair(TIME, ID))
        found = await self._workers.page(
            request.namespace,
            WorkerFilter(
                worker_ids=tuple(
                    uuid_of(it, "filter.worker_ids") for it in request.filter.worker_ids
                ),
                work_pools=tuple(request.filter.work_pools),
                alive_only=request.filter.alive_only,
            ),
            before=page.after or FAR_AHEAD,
            limit=page.limit,
        )
        shown, token = page.cut(found, _to_proto, key=lambda each: (each.create_time, each.id))
        return pb.ListWorkersResponse(workers=shown, next_page_token=token)


def _to_proto(worker: Worker) -> worker_pb2.Worker:
    message = worker_pb2.Worker(
        id=str(worker.id),
        namespace=worker.namespace,
        manifest=manifest_to_proto(worker.manifest),
        alive=worker.alive,
    )
    put_time(message.create_time, worker.create_time)
    return message
