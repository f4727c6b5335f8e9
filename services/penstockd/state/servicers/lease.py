"""LeaseService."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import grpc

from penstock.api.state.v1 import lease_service_pb2 as pb
from penstock.api.state.v1.lease_service_pb2_grpc import (
    LeaseServiceServicer,
    add_LeaseServiceServicer_to_server,
)
from penstock.api.type.v1 import launch_spec_pb2
from penstockd.chassis.wire.fields import invalid, uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.times import (
    LONGEST,
    duration_to_proto,
    optional_delay,
)
from penstockd.chassis.wire.waits import wait_of
from penstockd.state.rules.lease import Outcome, OutcomeType
from penstockd.state.rules.lease_report import cut, longest_of
from penstockd.state.rules.terms import Terms
from penstockd.state.servicers.failure_wire import failure_of
from penstockd.state.servicers.flow_run_wire import flow_run_to_proto
from penstockd.state.servicers.lease_wire import lease_to_proto, report_of, verdict_to_proto
from penstockd.state.servicers.run_refs import flow_run_of
from penstockd.state.servicers.values import lease_ref_of, put_state
from penstockd.state.usecases.lease import Claim, Claimed, Leases, Settled
from penstockd.state.usecases.renewal import Renewal, Renewals

_OUTCOMES: Mapping[str, OutcomeType] = {
    "ended": OutcomeType.ENDED,
    "cancelled": OutcomeType.CANCELLED,
    "given_back": OutcomeType.GIVEN_BACK,
}


class LeaseServicer(LeaseServiceServicer):
    def __init__(self, leases: Leases, renewals: Renewals, terms: Terms) -> None:
        self._leases = leases
        self._renewals = renewals
        self._terms = terms

    def add_to(self, server: grpc.aio.Server) -> None:
        add_LeaseServiceServicer_to_server(self, server)

    async def Claim(self, request: pb.ClaimRequest, context: Any) -> pb.ClaimResponse:
        claim = Claim(
            session_id=uuid_of(request.session_id, "session_id"),
            work_pool=request.work_pool,
            work_queues=tuple(request.work_queues),
            programs=_programs_of(request),
            limit=request.limit,
        )
        answer = await self._leases.claim(intent_of(request), claim, render=_render_claimed)
        tell_replay(context, answer)
        return pb.ClaimResponse.FromString(answer.response)

    async def Renew(self, request: pb.RenewRequest, context: Any) -> pb.RenewResponse:
        renewal = Renewal(
            namespace=request.namespace,
            session_id=uuid_of(request.session_id, "session_id"),
            reports=[report_of(it, "reports") for it in request.reports],
        )
        renewed = await self._renewals.renew(renewal, wait=wait_of(request, context))
        return pb.RenewResponse(
            verdicts=[verdict_to_proto(it, self._terms) for it in renewed.verdicts],
            ttl=duration_to_proto(renewed.time_left),
            renew_interval=duration_to_proto(self._terms.renew_interval),
        )

    async def Complete(
        self, request: pb.CompleteRequest, context: object
    ) -> pb.CompleteResponse:
        outcomes = [_outcome_of(it) for it in request.outcomes]
        results = await self._leases.complete(request.namespace, outcomes)
        longest = longest_of(len(results))
        return pb.CompleteResponse(results=[_completed(it, longest) for it in results])

    async def CheckLease(
        self, request: pb.CheckLeaseRequest, context: object
    ) -> pb.CheckLeaseResponse:
        session_id = await self._leases.check(
            request.namespace,
            flow_run_of(request.run, "run"),
            lease_ref_of(request.lease, "lease"),
        )
        return pb.CheckLeaseResponse(session_id=str(session_id))


def _programs_of(request: pb.ClaimRequest) -> tuple[str, ...]:
    """Return the keys of what a worker can start, each once."""
    kinds = map(launch_spec_pb2.ProgramKind.Name, request.programs)
    programs = [it.removeprefix("PROGRAM_KIND_").lower() for it in kinds]
    handlers = [f"handler:{name}" for name in request.handlers]
    return tuple(dict.fromkeys(programs + handlers))


def _render_claimed(claimed: Claimed) -> bytes:
    reply = pb.ClaimResponse(
        claimed=[
            pb.ClaimedRun(flow_run=flow_run_to_proto(it.run), lease=lease_to_proto(it))
            for it in claimed.leases
        ]
    )
    if claimed.next_due is not None:
        reply.next_due.CopyFrom(duration_to_proto(min(claimed.next_due, LONGEST)))
    return reply.SerializeToString()


def _outcome_of(message: pb.LeaseOutcome) -> Outcome:
    what = message.WhichOneof("outcome")
    if what is None:
        raise invalid("outcomes.outcome", "is missing: say how the lease ended")
    delay = optional_delay(message.given_back, "delay", "outcomes.given_back.delay")
    return Outcome(
        lease=lease_ref_of(message.lease, "outcomes.lease"),
        type=_OUTCOMES[what],
        message=getattr(message, what).message,
        failure=failure_of(message.ended.failure, "outcomes.ended.failure").record,
        delay=delay or timedelta(0),
        interrupted=message.ended.interrupted,
    )


def _completed(result: Settled, longest: int) -> pb.CompletedLease:
    message = pb.CompletedLease(lease_id=str(result.lease_id), lost=result.state is None)
    if result.state is not None:
        put_state(message.state, result.state)
        message.state.message = cut(result.state.message, longest)
    return message
