"""The state service behind its stubs."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import grpc
from penstock.api.type.v1.lease_ref_pb2 import LeaseRef as LeaseRefMessage

from penstock.api.state.v1 import flow_run_service_pb2 as run_pb
from penstock.api.state.v1 import lease_pb2, log_pb2, log_service_pb2
from penstock.api.state.v1 import lease_service_pb2 as pb
from penstock.api.state.v1 import worker_session_service_pb2 as session_pb
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.state_pb2 import StateType
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.wire_errors import named_errors
from penstockd.executor.peers import LeaseVerdict, Outcome, Report, Result, Ruling
from penstockd.executor.rules.log_line import LogLine
from penstockd.executor.rules.work import LeaseRef

# What an answer may take beyond the time for which the call waits anyway.
PATIENCE = timedelta(seconds=5)
SOURCE = "worker"
ENDED_BY_ITSELF = frozenset(
    {
        StateType.STATE_TYPE_COMPLETED,
        StateType.STATE_TYPE_FAILED,
        StateType.STATE_TYPE_CANCELLED,
    }
)


class WireLeases:
    def __init__(self, channel: grpc.aio.Channel, *, namespace: str) -> None:
        self._leases = LeaseServiceStub(channel)
        self._sessions = WorkerSessionServiceStub(channel)
        self._runs = FlowRunServiceStub(channel)
        self._namespace = namespace

    async def renew(
        self, session_id: UUID, reports: Sequence[Report], *, wait: timedelta
    ) -> Sequence[LeaseVerdict]:
        request = pb.RenewRequest(
            namespace=self._namespace,
            session_id=str(session_id),
            reports=[_report(report) for report in reports],
        )
        request.wait.FromTimedelta(wait)
        timeout = (wait + PATIENCE).total_seconds()
        with named_errors():
            reply = await self._leases.Renew(request, timeout=timeout)
        return [_verdict(verdict) for verdict in reply.verdicts]

    async def complete(self, outcomes: Sequence[Outcome]) -> Sequence[UUID]:
        request = pb.CompleteRequest(
            namespace=self._namespace, outcomes=[_outcome(outcome) for outcome in outcomes]
        )
        with named_errors():
            reply = await self._leases.Complete(request)
        return [UUID(result.lease_id) for result in reply.results]

    async def ended_by_itself(self, flow_run_id: UUID, fence: int) -> bool:
        request = run_pb.GetFlowRunRequest(
            namespace=self._namespace, flow_run_id=str(flow_run_id)
        )
        with named_errors():
            run = (await self._runs.GetFlowRun(request)).flow_run
        return run.fence == fence and run.state.type in ENDED_BY_ITSELF

    async def close_session(self, session_id: UUID) -> None:
        request = session_pb.CloseWorkerSessionRequest(
            namespace=self._namespace, session_id=str(session_id)
        )
        with named_errors():
            await self._sessions.CloseWorkerSession(request)


class WireLogs:
    def __init__(self, channel: grpc.aio.Channel, *, namespace: str) -> None:
        self._stub = LogServiceStub(channel)
        self._namespace = namespace

    async def append(self, flow_run_id: UUID, lease: LeaseRef, lines: Sequence[LogLine]) -> int:
        request = log_service_pb2.AppendLogsRequest(
            namespace=self._namespace,
            flow_run_id=str(flow_run_id),
            lease=_lease(lease),
            source=SOURCE,
            lines=[_line(line) for line in lines],
        )
        with named_errors():
            reply = await self._stub.AppendLogs(request)
        return reply.acknowledged_offset


def _lease(lease: LeaseRef) -> LeaseRefMessage:
    return LeaseRefMessage(lease_id=str(lease.lease_id), fence=lease.fence)


def _report(report: Report) -> pb.LeaseReport:
    phase = lease_pb2.LeasePhase.Value(f"LEASE_PHASE_{report.progress}")
    return pb.LeaseReport(lease=_lease(report.lease), phase=phase)


def _verdict(verdict: pb.LeaseVerdict) -> LeaseVerdict:
    name = lease_pb2.LeaseRuling.Name(verdict.ruling).removeprefix("LEASE_RULING_")
    return LeaseVerdict(
        lease_id=UUID(verdict.lease_id),
        ruling=Ruling(name),
        message=verdict.message,
        grace=verdict.grace.ToTimedelta() if verdict.HasField("grace") else None,
    )


def _outcome(outcome: Outcome) -> pb.LeaseOutcome:
    message = pb.LeaseOutcome(lease=_lease(outcome.lease))
    match outcome.result:
        case Result.ENDED:
            message.ended.message = outcome.message
        case Result.CANCELLED:
            message.cancelled.message = outcome.message
        case Result.GIVEN_BACK:
            message.give_back.message = outcome.message
    return message


def _line(line: LogLine) -> log_pb2.LogLine:
    message = log_pb2.LogLine(
        offset=line.offset, level=line.level, logger=line.logger, message=line.message
    )
    message.time.FromDatetime(line.time)
    return message
