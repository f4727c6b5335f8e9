"""The state service behind its stubs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import grpc

from penstock.api.state.v1 import lease_service_pb2 as pb
from penstock.api.state.v1 import log_pb2, log_service_pb2
from penstock.api.state.v1 import worker_session_service_pb2 as session_pb
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.api.type.v1.failure_pb2 import Failure
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.wire_errors import named_errors
from penstockd.executor.peers import LeaseVerdict, Outcome, OutcomeKind, Report
from penstockd.executor.peers.lease_wire import (
    ref_to_proto,
    report_to_proto,
    verdict_from_proto,
)
from penstockd.executor.rules.log_line import LogBatch, LogLine
from penstockd.executor.rules.work import Work

# What an answer may take beyond the time for which the call waits anyway.
PATIENCE = timedelta(seconds=5)
# Who writes a log: the executor what it reads of a child, and the child by itself.
EXECUTOR, CHILD = "worker", "run"


class WireLeases:
    def __init__(self, channel: grpc.aio.Channel, *, namespace: str) -> None:
        self._leases = LeaseServiceStub(channel)
        self._sessions = WorkerSessionServiceStub(channel)
        self._namespace = namespace

    async def renew(
        self, session_id: UUID, reports: Sequence[Report], *, wait: timedelta
    ) -> Sequence[LeaseVerdict]:
        request = pb.RenewRequest(
            namespace=self._namespace,
            session_id=str(session_id),
            reports=[report_to_proto(report) for report in reports],
        )
        request.wait.FromTimedelta(wait)
        timeout = (wait + PATIENCE).total_seconds()
        with named_errors():
            reply = await self._leases.Renew(request, timeout=timeout)
        return [verdict_from_proto(verdict) for verdict in reply.verdicts]

    async def complete(self, outcomes: Sequence[Outcome]) -> Mapping[UUID, str]:
        request = pb.CompleteRequest(
            namespace=self._namespace, outcomes=[_outcome(outcome) for outcome in outcomes]
        )
        with named_errors():
            reply = await self._leases.Complete(request)
        return {UUID(result.lease_id): result.state.name for result in reply.results}

    async def close_session(self, session_id: UUID) -> None:
        request = session_pb.CloseWorkerSessionRequest(
            namespace=self._namespace, session_id=str(session_id)
        )
        with named_errors():
            await self._sessions.CloseWorkerSession(request)


class WireLogs:
    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = LogServiceStub(channel)

    async def append(self, work: Work, batch: LogBatch) -> int:
        acknowledged = await self._append(work, EXECUTOR, batch)
        if batch.last:
            # Only now: a log is complete as soon as each source that it has is ended.
            await self._append(work, CHILD, LogBatch(lines=(), last=True))
        return acknowledged

    async def _append(self, work: Work, source: str, batch: LogBatch) -> int:
        request = log_service_pb2.AppendLogsRequest(
            namespace=work.namespace,
            run=RunRef(flow_run_id=str(work.flow_run_id)),
            lease=ref_to_proto(work.lease),
            source=source,
            lines=[_line(line) for line in batch.lines],
            last=batch.last,
        )
        with named_errors():
            reply = await self._stub.AppendLogs(request)
        return reply.acknowledged_offset


def _outcome(outcome: Outcome) -> pb.LeaseOutcome:
    message = pb.LeaseOutcome(lease=ref_to_proto(outcome.lease))
    match outcome.kind:
        case OutcomeKind.ENDED:
            message.ended.message = outcome.message
            message.ended.interrupted = outcome.interrupted
            message.ended.failure.CopyFrom(
                Failure(error_type=outcome.error_type, message=outcome.message)
            )
        case OutcomeKind.CANCELLED:
            message.cancelled.message = outcome.message
        case OutcomeKind.GIVEN_BACK:
            message.given_back.message = outcome.message
    return message


def _line(line: LogLine) -> log_pb2.LogLine:
    message = log_pb2.LogLine(
        offset=line.offset, level=line.level, logger=line.logger, message=line.message
    )
    message.time.FromDatetime(line.time)
    return message
