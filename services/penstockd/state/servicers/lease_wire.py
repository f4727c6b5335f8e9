"""Leases, reports and verdicts, from the wire and onto it."""

from penstock.api.type.v1 import lease_pb2
from penstockd.chassis.wire.fields import invalid, text_of
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import duration_to_proto
from penstockd.state.rules.lease import Lease, LeasePhase
from penstockd.state.rules.lease_report import LeaseVerdict, Report, Ruling
from penstockd.state.rules.terms import Terms
from penstockd.state.servicers.values import lease_ref_of

_PHASES = {
    lease_pb2.LeasePhase.Value(f"LEASE_PHASE_{it}"): it
    for it in LeasePhase
    if it is not LeasePhase.OFFERED
}


def lease_to_proto(lease: Lease) -> lease_pb2.Lease:
    run = lease.run
    message = lease_pb2.Lease(
        namespace=run.namespace,
        session_id=text_of(run.ownership.session_id),
        attempt=run.next_attempt,
        reason=lease_pb2.LeaseReason.Value(f"LEASE_REASON_{lease.reason}"),
        traceparent=run.traceparent,
    )
    message.lease_ref.lease_id, message.lease_ref.fence = (
        str(lease.ref.lease_id),
        lease.ref.fence,
    )
    message.run.flow_run_id = str(run.id)
    message.resources.slots = 1
    if lease.checkpoint:
        message.checkpoint.ParseFromString(lease.checkpoint)
    return message


def report_of(message: lease_pb2.LeaseReport, field: str) -> Report:
    """Raises InvalidArgument."""
    if message.phase not in _PHASES:
        raise invalid(f"{field}.phase", f"{message.phase} is not a valid phase of a lease")
    return Report(
        lease=lease_ref_of(message.lease, f"{field}.lease"),
        phase=_PHASES[message.phase],
        checkpoint=packed(message.checkpoint),
    )


def verdict_to_proto(verdict: LeaseVerdict, terms: Terms) -> lease_pb2.LeaseVerdict:
    message = lease_pb2.LeaseVerdict(
        lease_id=str(verdict.lease_id),
        ruling=lease_pb2.LeaseRuling.Value(f"LEASE_RULING_{verdict.ruling}"),
        message=verdict.message,
    )
    if verdict.ruling is Ruling.CANCEL:
        message.grace.CopyFrom(duration_to_proto(terms.kill_grace))
    return message
