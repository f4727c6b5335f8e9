"""WorkService: protobuf in, protobuf out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import grpc

from penstock.api.scheduler.v1 import work_service_pb2 as pb
from penstock.api.scheduler.v1 import worker_pb2
from penstock.api.scheduler.v1.work_service_pb2_grpc import (
    WorkServiceServicer,
    add_WorkServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import text_of, uuid_of
from penstockd.chassis.wire.intents import intent_of
from penstockd.chassis.wire.pages import ID, TIME, page_of, pair
from penstockd.chassis.wire.payloads import payload_to_proto
from penstockd.chassis.wire.times import duration_from_proto, duration_to_proto, put_time
from penstockd.scheduler.launch_wire import launch_to_proto
from penstockd.scheduler.rules.work import Work
from penstockd.scheduler.rules.worker import (
    PROTOCOL_VERSION,
    SessionTerms,
    Worker,
    WorkerManifest,
)
from penstockd.scheduler.usecases.work import Offer, Works
from penstockd.scheduler.usecases.worker import Workers

# What is kept of the caller's deadline to answer in time.
RESERVE = timedelta(milliseconds=250)
LONGEST = timedelta(seconds=30)
FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC), UUID(int=0)


class Context(Protocol):
    def time_remaining(self) -> float | None: ...


class WorkServicer(WorkServiceServicer):
    def __init__(self, works: Works, workers: Workers) -> None:
        self._works = works
        self._workers = workers

    def add_to(self, server: grpc.aio.Server) -> None:
        add_WorkServiceServicer_to_server(self, server)

    async def Register(
        self, request: pb.RegisterRequest, context: object
    ) -> pb.RegisterResponse:
        terms = await self._workers.register(
            request.namespace,
            uuid_of(request.worker_id, "worker_id"),
            _manifest_from_proto(request.manifest),
        )
        return _terms_to_proto(terms)

    async def Acquire(
        self,
        request: pb.AcquireRequest,
        context: Context,
    ) -> pb.AcquireResponse:
        offer = Offer(
            worker_id=uuid_of(request.worker_id, "worker_id"),
            slots=request.credits.slots,
            wait=min(duration_from_proto(request.wait, "wait"), _left(context)),
        )
        answer = await self._works.acquire(intent_of(request), offer, render=_render_acquired)
        return pb.AcquireResponse.FromString(answer)

    async def ListWorkers(
        self, request: pb.ListWorkersRequest, context: object
    ) -> pb.ListWorkersResponse:
        page = page_of(request, pair(TIME, ID))
        found = await self._workers.page(
            request.namespace,
            request.work_pool,
            alive_only=request.alive_only,
            before=page.after or FAR_AHEAD,
            limit=page.limit,
        )
        shown, token = page.cut(found, _to_proto, key=lambda each: (each.create_time, each.id))
        return pb.ListWorkersResponse(workers=shown, next_page_token=token)


def _left(context: Context) -> timedelta:
    left = context.time_remaining()
    return LONGEST if left is None else max(timedelta(0), timedelta(seconds=left) - RESERVE)


def _manifest_from_proto(message: worker_pb2.WorkerManifest) -> WorkerManifest:
    return WorkerManifest(
        name=message.name,
        work_pool=message.work_pool,
        work_queues=tuple(message.work_queues),
        slots=message.slots,
        labels=dict(message.labels),
        protocol_version=message.protocol_version,
        features=tuple(message.features),
    )


def _manifest_to_proto(manifest: WorkerManifest) -> worker_pb2.WorkerManifest:
    return worker_pb2.WorkerManifest(
        name=manifest.name,
        work_pool=manifest.work_pool,
        work_queues=manifest.work_queues,
        slots=manifest.slots,
        labels=manifest.labels,
        protocol_version=manifest.protocol_version,
        features=manifest.features,
    )


def _to_proto(worker: Worker) -> worker_pb2.Worker:
    message = worker_pb2.Worker(
        id=str(worker.id),
        namespace=worker.namespace,
        manifest=_manifest_to_proto(worker.manifest),
        alive=worker.alive,
    )
    put_time(message.create_time, worker.create_time)
    return message


def _terms_to_proto(terms: SessionTerms) -> pb.RegisterResponse:
    return pb.RegisterResponse(
        protocol_version=PROTOCOL_VERSION,
        ttl=duration_to_proto(terms.ttl),
        renew_interval=duration_to_proto(terms.renew_interval),
        ack_deadline=duration_to_proto(terms.ack_deadline),
    )


def _work_to_proto(work: Work) -> pb.Work:
    message = pb.Work(
        flow_run_id=str(work.flow_run_id),
        flow_run_name=work.flow_run_name,
        flow_name=work.flow_name,
        deployment_id=text_of(work.deployment_id),
        deployment_version=work.deployment_version,
        launch=launch_to_proto(work.launch),
        attempt=work.attempt,
        reason=work.reason,
        traceparent=work.traceparent,
        cost=pb.Credits(slots=1),
    )
    message.lease.lease_id, message.lease.fence = str(work.lease_id), work.fence
    if work.parameters is not None:
        message.parameters.CopyFrom(payload_to_proto(work.parameters))
    if work.checkpoint is not None:
        message.checkpoint.CopyFrom(payload_to_proto(work.checkpoint))
    put_time(message.deadline, work.deadline)
    if work.timeout is not None:
        message.timeout.CopyFrom(duration_to_proto(work.timeout))
    return message


def _render_acquired(works: Sequence[Work]) -> bytes:
    return pb.AcquireResponse(works=map(_work_to_proto, works)).SerializeToString()
