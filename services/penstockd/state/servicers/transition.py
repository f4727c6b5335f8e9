"""TransitionService."""

from typing import Any

import grpc

from penstock.api.state.v1 import transition_service_pb2 as pb
from penstock.api.state.v1.transition_service_pb2_grpc import (
    TransitionServiceServicer,
    add_TransitionServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import optional_uuid, uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.keys import NUMBER
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.pages import page_of
from penstockd.state.rules.transition import Proposal
from penstockd.state.servicers.failure_wire import failure_of
from penstockd.state.servicers.transition_wire import transition_to_proto, verdict_to_proto
from penstockd.state.servicers.values import lease_ref_of, state_of
from penstockd.state.usecases.transition import Move, Transitions


class TransitionServicer(TransitionServiceServicer):
    def __init__(self, transitions: Transitions) -> None:
        self._transitions = transitions

    def add_to(self, server: grpc.aio.Server) -> None:
        add_TransitionServiceServicer_to_server(self, server)

    async def TransitionFlowRun(
        self, request: pb.TransitionFlowRunRequest, context: Any
    ) -> pb.TransitionFlowRunResponse:
        answer = await self._transitions.propose(
            intent_of(request),
            _move(request),
            render=lambda verdict: packed(verdict_to_proto(verdict)),
        )
        tell_replay(context, answer)
        return pb.TransitionFlowRunResponse.FromString(answer.response)

    async def ListFlowRunTransitions(
        self, request: pb.ListFlowRunTransitionsRequest, context: object
    ) -> pb.ListFlowRunTransitionsResponse:
        page = page_of(request, NUMBER)
        found = await self._transitions.page(
            request.namespace,
            uuid_of(request.flow_run_id, "flow_run_id"),
            after=page.after or 0,
            limit=page.limit,
        )
        shown, token = page.cut(found, transition_to_proto, key=lambda it: it.revision)
        return pb.ListFlowRunTransitionsResponse(transitions=shown, next_page_token=token)


def proposal_of(request: pb.TransitionFlowRunRequest) -> Proposal:
    failed = request.HasField("failure")
    return Proposal(
        to=state_of(request.to_state, "to_state"),
        result_id=optional_uuid(request.result_id, "result_id"),
        failure=failure_of(request.failure, "failure") if failed else None,
        flow_run_name=request.flow_run_name,
    )


def _move(request: pb.TransitionFlowRunRequest) -> Move:
    return Move(
        flow_run_id=uuid_of(request.flow_run_id, "flow_run_id"),
        lease=lease_ref_of(request.lease, "lease"),
        proposal=proposal_of(request),
        expected_revision=request.expected_revision,
    )
