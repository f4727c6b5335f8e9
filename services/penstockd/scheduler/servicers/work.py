"""WorkService: protobuf in, protobuf out."""

from collections.abc import Sequence
from typing import Any

import grpc

from penstock.api.scheduler.v1 import work_service_pb2 as pb
from penstock.api.scheduler.v1.work_service_pb2_grpc import (
    WorkServiceServicer,
    add_WorkServiceServicer_to_server,
)
from penstock.api.type.v1 import lease_pb2
from penstockd.chassis.wire.fields import text_of, uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import duration_to_proto
from penstockd.chassis.wire.waits import wait_of
from penstockd.scheduler.rules.work import Work
from penstockd.scheduler.rules.worker import PROTOCOL_VERSION, Registered
from penstockd.scheduler.servicers.worker_manifest import manifest_of, slots_in
from penstockd.scheduler.usecases.work import Offer, Works
from penstockd.scheduler.usecases.worker import Workers


class WorkServicer(WorkServiceServicer):
    def __init__(self, works: Works, workers: Workers) -> None:
        self._works = works
        self._workers = workers

    def add_to(self, server: grpc.aio.Server) -> None:
        add_WorkServiceServicer_to_server(self, server)

    async def Register(
        self, request: pb.RegisterRequest, context: object
    ) -> pb.RegisterResponse:
        registered = await self._workers.register(
            request.namespace,
            uuid_of(request.worker_id, "worker_id"),
            manifest_of(request.manifest),
            held=[packed(report) for report in request.held],
        )
        return _registered_to_proto(registered)

    async def Acquire(self, request: pb.AcquireRequest, context: Any) -> pb.AcquireResponse:
        offer = Offer(
            worker_id=uuid_of(request.worker_id, "worker_id"),
            slots=slots_in(request.free, "free"),
            wait=wait_of(request, context),
        )
        answer = await self._works.acquire(intent_of(request), offer, render=_render_acquired)
        tell_replay(context, answer)
        return pb.AcquireResponse.FromString(answer.response)


def _registered_to_proto(registered: Registered) -> pb.RegisterResponse:
    terms = registered.terms
    return pb.RegisterResponse(
        ttl=duration_to_proto(terms.ttl),
        renew_interval=duration_to_proto(terms.renew_interval),
        ack_deadline=duration_to_proto(terms.ack_deadline),
        protocol_version=PROTOCOL_VERSION,
        pool_type=registered.pool_type,
        verdicts=map(lease_pb2.LeaseVerdict.FromString, terms.verdicts),
    )


def _work_to_proto(work: Work) -> pb.Work:
    message = pb.Work(
        flow_run_name=work.flow_run_name,
        deployment_id=text_of(work.deployment_id),
        deployment_version=work.deployment_version,
    )
    message.lease.MergeFromString(work.lease)
    message.lease.traceparent = work.traceparent
    message.spec.MergeFromString(work.spec)
    return message


def _render_acquired(works: Sequence[Work]) -> bytes:
    return pb.AcquireResponse(works=map(_work_to_proto, works)).SerializeToString()
