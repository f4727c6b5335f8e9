"""The words about leases that the scheduler and state share."""

from collections.abc import Mapping
from uuid import UUID

from penstock.api.type.v1 import lease_pb2 as pb
from penstockd.executor.peers import LeaseVerdict, Report, Ruling
from penstockd.executor.rules.work import LeaseRef

# Any other is one of a later server, and asks for nothing.
RULINGS: Mapping[int, Ruling] = {
    pb.LEASE_RULING_CANCEL: Ruling.CANCEL,
    pb.LEASE_RULING_LOST: Ruling.LOST,
}


def ref_to_proto(lease: LeaseRef) -> pb.LeaseRef:
    return pb.LeaseRef(lease_id=str(lease.lease_id), fence=lease.fence)


def report_to_proto(report: Report) -> pb.LeaseReport:
    phase = pb.LeasePhase.Value(f"LEASE_PHASE_{report.phase}")
    return pb.LeaseReport(lease=ref_to_proto(report.lease), phase=phase)


def verdict_from_proto(verdict: pb.LeaseVerdict) -> LeaseVerdict:
    return LeaseVerdict(
        lease_id=UUID(verdict.lease_id),
        ruling=RULINGS.get(verdict.ruling, Ruling.OK),
        message=verdict.message,
        grace=verdict.grace.ToTimedelta() if verdict.HasField("grace") else None,
    )
