"""The scheduler behind its stub."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import grpc

from penstock.api.scheduler.v1 import work_pool_service_pb2 as pool_pb
from penstock.api.scheduler.v1 import work_service_pb2 as pb
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceStub
from penstock.api.scheduler.v1.work_service_pb2_grpc import WorkServiceStub
from penstock.api.scheduler.v1.worker_pb2 import WorkerManifest
from penstock.api.type.v1 import payload_pb2
from penstock.wire_errors import named_errors
from penstockd.executor.peers import PROTOCOL_VERSION, Manifest, Poll, Terms
from penstockd.executor.rules.work import Launch, LeaseRef, Payload, Work

# What an answer may take beyond the time for which the call waits anyway.
PATIENCE = timedelta(seconds=10)


class WireScheduler:
    def __init__(self, channel: grpc.aio.Channel, *, namespace: str) -> None:
        self._stub = WorkServiceStub(channel)
        self._pools = WorkPoolServiceStub(channel)
        self._namespace = namespace

    async def pool_type(self, work_pool: str) -> str:
        request = pool_pb.GetWorkPoolRequest(namespace=self._namespace, name=work_pool)
        with named_errors():
            reply = await self._pools.GetWorkPool(request)
        return reply.work_pool.type

    async def register(self, worker_id: UUID, manifest: Manifest) -> Terms:
        request = pb.RegisterRequest(
            namespace=self._namespace,
            worker_id=str(worker_id),
            manifest=WorkerManifest(
                name=manifest.name,
                work_pool=manifest.work_pool,
                work_queues=manifest.work_queues,
                slots=manifest.slots,
                protocol_version=PROTOCOL_VERSION,
            ),
        )
        with named_errors():
            reply = await self._stub.Register(request)
        return Terms(
            ttl=reply.ttl.ToTimedelta(), renew_interval=reply.renew_interval.ToTimedelta()
        )

    async def acquire(self, poll: Poll) -> Sequence[Work]:
        request = pb.AcquireRequest(
            request_id=str(poll.request_id),
            namespace=self._namespace,
            worker_id=str(poll.worker_id),
            credits=pb.Credits(slots=poll.slots),
        )
        request.wait.FromTimedelta(poll.wait)
        with named_errors():
            reply = await self._stub.Acquire(
                request, timeout=(poll.wait + PATIENCE).total_seconds()
            )
        return [self._work(work) for work in reply.works]

    def _work(self, work: pb.Work) -> Work:
        launch = work.launch
        return Work(
            lease=LeaseRef(lease_id=UUID(work.lease.lease_id), fence=work.lease.fence),
            namespace=self._namespace,
            flow_run_id=UUID(work.flow_run_id),
            flow_run_name=work.flow_run_name,
            flow_name=work.flow_name,
            deployment_id=work.deployment_id,
            deployment_version=work.deployment_version,
            launch=Launch(
                interpreter=launch.interpreter,
                working_dir=launch.working_dir,
                sys_path=tuple(launch.sys_path),
                entrypoint=launch.entrypoint,
            ),
            parameters=_payload(work.parameters) if work.HasField("parameters") else None,
            attempt=work.attempt,
            traceparent=work.traceparent,
        )


def _payload(payload: payload_pb2.Payload) -> Payload:
    if payload.WhichOneof("data") == "content":
        content = payload.content
        return Payload(
            content_type=payload.content_type, sha256=content.sha256, size=content.size
        )
    return Payload(content_type=payload.content_type, inline=payload.inline)
