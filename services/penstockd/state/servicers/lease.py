"""LeaseService."""

from collections.abc import Mapping
from typing import Any

import grpc

from penstock.api.state.v1 import lease_pb2
from penstock.api.state.v1 import lease_service_pb2 as pb
from penstock.api.state.v1.lease_service_pb2_grpc import (
    LeaseServiceServicer,
    add_LeaseServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import invalid, uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import duration_from_proto, duration_to_proto
from penstockd.state.rules.lease import LeasePhase, Outcome, OutcomeType, Report, Ruling
from penstockd.state.rules.terms import Terms
from penstockd.state.servicers.flow_run_wire import flow_run_to_proto, lease_to_proto
from penstockd.state.servicers.values import clean, lease_ref_of, put_state
from penstockd.state.usecases.lease import Claim, Claimed, Leases, Ruled, Settled

_PHASES = {
    lease_pb2.LeasePhase.Value(f"LEASE_PHASE_{it}"): it
    for it in LeasePhase
    if it is not LeasePhase.OFFERED
}
_OUTCOMES: Mapping[str, OutcomeType] = {
    "ended": OutcomeType.ENDED,
    "cancelled": OutcomeType.CANCELLED,
    "give_back": OutcomeType.GIVE_BACK,
}


class LeaseServicer(LeaseServiceServicer):
    def __init__(self, leases: Leases, terms: Terms) -> None:
        self._leases = leases
        self._terms = terms

    def add_to(self, server: grpc.aio.Server) -> None:
        add_LeaseServiceServicer_to_server(self, server)

    async def Claim(self, request: pb.ClaimRequest, context: Any) -> pb.ClaimResponse:
        claim = Claim(
            session_id=uuid_of(request.session_id, "session_id"),
            work_pool=request.work_pool,
            work_queues=tuple(request.work_queues),
            limit=request.limit,
        )
        answer = await self._leases.claim(intent_of(request), claim, render=_render_claimed)
        tell_replay(context, answer)
        return pb.ClaimResponse.FromString(answer.response)

    async def Renew(self, request: pb.RenewRequest, context: object) -> pb.RenewResponse:
        renewed = await self._leases.renew(
            request.namespace,
            uuid_of(request.session_id, "session_id"),
            [_report(it) for it in request.reports],
            wait=duration_from_proto(request.wait, "wait"),
        )
        return pb.RenewResponse(
            verdicts=[self._verdict(it) for it in renewed.rulings],
            ttl=duration_to_proto(renewed.time_left),
            renew_interval=duration_to_proto(self._terms.renew_interval),
        )

    async def Complete(
        self, request: pb.CompleteRequest, context: object
    ) -> pb.CompleteResponse:
        outcomes = [_outcome(it) for it in request.outcomes]
        results = await self._leases.complete(request.namespace, outcomes)
        return pb.CompleteResponse(results=map(_completed, results))

    async def CheckLease(
        self, request: pb.CheckLeaseRequest, context: object
    ) -> pb.CheckLeaseResponse:
        session_id = await self._leases.check(
            request.namespace,
            uuid_of(request.flow_run_id, "flow_run_id"),
            lease_ref_of(request.lease, "lease"),
        )
        return pb.CheckLeaseResponse(session_id=str(session_id))

    def _verdict(self, ruled: Ruled) -> pb.LeaseVerdict:
        verdict = pb.LeaseVerdict(
            lease_id=str(ruled.lease_id),
            ruling=lease_pb2.LeaseRuling.Value(f"LEASE_RULING_{ruled.ruling}"),
            message=ruled.message,
        )
        if ruled.ruling is Ruling.CANCEL:
            verdict.grace.CopyFrom(duration_to_proto(self._terms.kill_grace))
        return verdict


def _render_claimed(claimed: Claimed) -> bytes:
    reply = pb.ClaimResponse(
        claimed=[
            pb.ClaimedRun(flow_run=flow_run_to_proto(it.run), lease=lease_to_proto(it))
            for it in claimed.leases
        ]
    )
    if claimed.next_due is not None:
        reply.next_due.CopyFrom(duration_to_proto(claimed.next_due))
    return reply.SerializeToString()


def _report(message: pb.LeaseReport) -> Report:
    if message.phase not in _PHASES:
        raise invalid("reports.phase", f"{message.phase} is no phase of a lease")
    return Report(
        lease=lease_ref_of(message.lease, "reports.lease"),
        phase=_PHASES[message.phase],
        checkpoint=packed(message.checkpoint),
    )


def _outcome(message: pb.LeaseOutcome) -> Outcome:
    what = message.WhichOneof("outcome")
    if what is None:
        raise invalid("outcomes.outcome", "it says nothing")
    return Outcome(
        lease=lease_ref_of(message.lease, "outcomes.lease"),
        type=_OUTCOMES[what],
        message=clean(getattr(message, what).message),
        delay=duration_from_proto(message.give_back.delay, "outcomes.give_back.delay"),
    )


def _completed(result: Settled) -> pb.CompletedLease:
    message = pb.CompletedLease(lease_id=str(result.lease_id), lost=result.state is None)
    if result.state is not None:
        put_state(message.state, result.state)
    return message
