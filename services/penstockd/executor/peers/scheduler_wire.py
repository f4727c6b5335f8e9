"""The scheduler behind its stub."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import grpc

from penstock.api.scheduler.v1 import work_service_pb2 as pb
from penstock.api.scheduler.v1.work_service_pb2_grpc import WorkServiceStub
from penstock.api.scheduler.v1.worker_pb2 import WorkerManifest
from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec, ProgramKind
from penstock.api.type.v1.resources_pb2 import Resources
from penstock.wire_errors import named_errors
from penstockd.executor.peers import PROTOCOL_VERSION, Manifest, Poll, Registered, Report
from penstockd.executor.peers.lease_wire import report_to_proto, verdict_from_proto
from penstockd.executor.rules.work import Launch, LeaseRef, Program, Work

# What an answer may take beyond the time for which the call waits anyway.
PATIENCE = timedelta(seconds=10)
PROGRAMS: Mapping[str | None, Program] = {
    "python": Program.PYTHON,
    "command": Program.COMMAND,
    "handler": Program.HANDLER,
}


class WireScheduler:
    """The scheduler as the worker of this manifest speaks to it."""

    def __init__(self, channel: grpc.aio.Channel, manifest: Manifest) -> None:
        self._stub = WorkServiceStub(channel)
        self._manifest = manifest

    async def register(self, worker_id: UUID, held: Sequence[Report]) -> Registered:
        request = pb.RegisterRequest(
            namespace=self._manifest.namespace,
            worker_id=str(worker_id),
            manifest=_manifest(self._manifest),
            held=[report_to_proto(report) for report in held],
        )
        with named_errors():
            reply = await self._stub.Register(request)
        return Registered(
            pool_type=reply.pool_type,
            renew_interval=reply.renew_interval.ToTimedelta(),
            verdicts=[verdict_from_proto(verdict) for verdict in reply.verdicts],
        )

    async def acquire(self, poll: Poll) -> Sequence[Work]:
        request = pb.AcquireRequest(
            request_id=str(poll.request_id),
            namespace=self._manifest.namespace,
            worker_id=str(poll.worker_id),
            free=Resources(slots=poll.slots),
        )
        request.wait.FromTimedelta(poll.wait)
        with named_errors():
            reply = await self._stub.Acquire(
                request, timeout=(poll.wait + PATIENCE).total_seconds()
            )
        return [work_from_proto(work) for work in reply.works]


def work_from_proto(work: pb.Work) -> Work:
    lease = work.lease
    return Work(
        lease=LeaseRef(lease_id=UUID(lease.lease_ref.lease_id), fence=lease.lease_ref.fence),
        namespace=lease.namespace,
        flow_run_id=UUID(lease.run.flow_run_id),
        title=f"{work.spec.flow_name}/{work.flow_run_name}",
        launch=_launch(work.spec.launch),
        traceparent=lease.traceparent,
        content=work.SerializeToString(),
    )


def _launch(launch: LaunchSpec) -> Launch:
    return Launch(
        program=PROGRAMS.get(launch.WhichOneof("program"), Program.UNKNOWN),
        interpreter=launch.python.interpreter,
        environment=dict(launch.environment),
    )


def _manifest(manifest: Manifest) -> WorkerManifest:
    return WorkerManifest(
        name=manifest.name,
        work_pool=manifest.work_pool,
        work_queues=manifest.work_queues,
        capacity=Resources(slots=manifest.slots),
        protocol_version=PROTOCOL_VERSION,
        programs=[ProgramKind.PROGRAM_KIND_PYTHON],
        execution_address=manifest.execution_address,
    )
