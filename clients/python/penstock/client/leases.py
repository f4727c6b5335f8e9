"""The renewal of a session and its leases, as a call of the state service."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import grpc

from penstock.api.state.v1.lease_service_pb2 import RenewRequest
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.state.v1.worker_session_service_pb2 import CloseWorkerSessionRequest
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.api.type.v1 import lease_pb2 as pb
from penstock.client.wire.owned import LeaseRef
from penstock.client.wire.times import duration
from penstock.wire_errors import named_errors


class LeasePhase(StrEnum):
    """How far this process is with a lease."""

    ACKNOWLEDGED = "ACKNOWLEDGED"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"


class Report(NamedTuple):
    """How far this process is with one lease."""

    lease: LeaseRef
    phase: LeasePhase


class LeaseVerdict(NamedTuple):
    """What this process must do with one lease."""

    lease_id: str
    cancel: bool
    lost: bool
    message: str


class SessionRenewal:
    """Renews one session with the leases that it lists, and ends it."""

    def __init__(self, channel: grpc.aio.Channel, namespace: str, session_id: str) -> None:
        self._leases = LeaseServiceStub(channel)
        self._sessions = WorkerSessionServiceStub(channel)
        self._namespace, self._session_id = namespace, session_id

    async def renew(self, reports: Iterable[Report], *, wait: float) -> list[LeaseVerdict]:
        """Renew, and return when a verdict changes or the wait is over."""
        request = RenewRequest(
            namespace=self._namespace,
            session_id=self._session_id,
            reports=[_report(each) for each in reports],
            wait=duration(wait),
        )
        with named_errors():
            reply = await self._leases.Renew(request)
        return [
            LeaseVerdict(
                lease_id=verdict.lease_id,
                cancel=verdict.ruling == pb.LeaseRuling.LEASE_RULING_CANCEL,
                lost=verdict.ruling == pb.LeaseRuling.LEASE_RULING_LOST,
                message=verdict.message,
            )
            for verdict in reply.verdicts
        ]

    async def close(self) -> None:
        """End the session, and with it the runs that it still owns."""
        request = CloseWorkerSessionRequest(
            namespace=self._namespace, session_id=self._session_id
        )
        with named_errors():
            await self._sessions.CloseWorkerSession(request)


def _report(report: Report) -> pb.LeaseReport:
    return pb.LeaseReport(lease=report.lease.message(), phase=_PHASES[report.phase])


_PHASES = {phase: pb.LeasePhase.Value(f"LEASE_PHASE_{phase}") for phase in LeasePhase}
