"""Verdicts and history onto the wire."""

from penstock.api.state.v1 import transition_pb2
from penstock.api.state.v1 import transition_service_pb2 as pb
from penstockd.chassis.wire.times import duration_to_proto
from penstockd.state.rules.transition import Accepted, Rejected, Verdict, Wait
from penstockd.state.rules.view import View
from penstockd.state.servicers.failure_wire import failure_to_proto
from penstockd.state.servicers.flow_run_wire import actor_to_proto, flow_run_to_proto
from penstockd.state.servicers.values import cause_number, put_state
from penstockd.state.store.ports.transition import Transition


def transition_to_proto(transition: Transition) -> transition_pb2.FlowRunTransition:
    message = transition_pb2.FlowRunTransition(
        revision=transition.revision,
        attempt=transition.attempt,
        attempt_cause=cause_number(transition.attempt_cause),
        actor=actor_to_proto(transition.actor),
        fence=transition.fence,
        failure=failure_to_proto(transition.failure, View.BASIC),
    )
    put_state(message.state, transition.state)
    return message


def verdict_to_proto(verdict: Verdict) -> pb.TransitionFlowRunResponse:
    reply = pb.TransitionFlowRunResponse()
    match verdict:
        case Accepted(flow_run=run):
            reply.accepted.flow_run.CopyFrom(flow_run_to_proto(run, View.BASIC))
        case Rejected():
            put_state(reply.rejected.actual_state, verdict.actual)
            reply.rejected.stop = verdict.stop
            if verdict.replaced:
                put_state(reply.rejected.replacement_state, verdict.replaced.state)
            if verdict.retry_delay is not None:
                delay = duration_to_proto(verdict.retry_delay)
                reply.rejected.retry_delay.CopyFrom(delay)
        case Wait(retry_delay=delay):
            reply.wait.retry_delay.CopyFrom(duration_to_proto(delay))
    return reply
