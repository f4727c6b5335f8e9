"""The leases of a session: renewed together, and ruled one by one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from penstock.api.state.v1.lease_service_pb2 import RenewRequest
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.type.v1 import lease_pb2 as pb
from penstock.client.asking import ask
from penstock.client.sessions import Session
from penstock.client.wire.owned import LeaseRef
from penstock.client.wire.times import duration


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


class Leases:
    """Asks the state service about the leases of a session."""

    def __init__(self, session: Session) -> None:
        self._stub = LeaseServiceStub(session.state)
        self._namespace, self._session_id = session.namespace, session.session_id

    async def renew(self, reports: Iterable[Report], *, wait: float) -> list[LeaseVerdict]:
        """Renew the session with the leases that are listed.

        Returns when a verdict changes or the wait is over.
        """
        request = RenewRequest(
            namespace=self._namespace,
            session_id=self._session_id,
            reports=[_report(each) for each in reports],
            wait=duration(wait),
        )
        return [
            LeaseVerdict(
                lease_id=verdict.lease_id,
                cancel=verdict.ruling == pb.LeaseRuling.LEASE_RULING_CANCEL,
                lost=verdict.ruling == pb.LeaseRuling.LEASE_RULING_LOST,
                message=verdict.message,
            )
            for verdict in (await ask(self._stub.Renew, request)).verdicts
        ]


def _report(report: Report) -> pb.LeaseReport:
    return pb.LeaseReport(lease=report.lease.message(), phase=_PHASES[report.phase])


_PHASES = {phase: pb.LeasePhase.Value(f"LEASE_PHASE_{phase}") for phase in LeasePhase}
