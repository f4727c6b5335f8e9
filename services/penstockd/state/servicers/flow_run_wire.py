"""Flow runs, verdicts and leases onto the wire."""

from penstock.api.state.v1 import flow_run_pb2, lease_pb2, state_pb2
from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstockd.chassis.wire.fields import text_of
from penstockd.chassis.wire.times import duration_to_proto, put_time
from penstockd.state.rules.flow_run import (
    Accepted,
    FlowRun,
    Rejected,
    RetryPolicy,
    Verdict,
    Wait,
)
from penstockd.state.rules.lease import Lease
from penstockd.state.servicers.values import cause_number, put_state, state_to_proto
from penstockd.state.store.ports.flow_run import Transition


def flow_run_to_proto(run: FlowRun) -> flow_run_pb2.FlowRun:
    message = flow_run_pb2.FlowRun(
        id=str(run.id),
        namespace=run.namespace,
        name=run.name,
        flow_id=str(run.flow_id),
        flow_name=run.flow_name,
        flow_version=run.flow_version,
        parent_flow_run_id=text_of(run.parent_flow_run_id),
        parent_task_run_id=text_of(run.parent_task_run_id),
        root_flow_run_id=str(run.root_flow_run_id),
        deployment_id=text_of(run.deployment_id),
        deployment_version=run.deployment_version,
        tags=run.tags,
        work_pool=run.work_pool,
        work_queue=run.work_queue,
        attempt=run.attempt,
        attempt_cause=cause_number(run.attempt_cause),
        epoch=run.epoch,
        fence=run.fence,
        revision=run.revision,
        result_id=text_of(run.result_id),
        traceparent=run.traceparent,
        session_id=text_of(run.session_id),
    )
    if run.launch:
        message.launch.ParseFromString(run.launch)
    if run.parameters:
        message.parameters.ParseFromString(run.parameters)
    _put_policy(message.retry_policy, run.retry_policy)
    put_state(message.state, run.state)
    put_time(message.create_time, run.create_time)
    put_time(message.expected_start_time, run.expected_start_time)
    put_time(message.start_time, run.start_time)
    put_time(message.end_time, run.end_time)
    return message


def transition_to_proto(transition: Transition) -> flow_run_pb2.FlowRunTransition:
    message = flow_run_pb2.FlowRunTransition(
        revision=transition.revision,
        attempt=transition.attempt,
        fence=transition.fence if transition.actor == "worker" else 0,
        actor=transition.actor,
    )
    put_state(message.state, transition.state)
    return message


def lease_to_proto(lease: Lease) -> lease_pb2.Lease:
    run = lease.run
    message = lease_pb2.Lease(
        namespace=run.namespace,
        flow_run_id=str(run.id),
        session_id=text_of(run.session_id),
        attempt=run.attempt + 1,
        reason=lease_pb2.LeaseReason.Value(f"LEASE_REASON_{lease.reason}"),
        traceparent=run.traceparent,
    )
    message.ref.lease_id, message.ref.fence = str(lease.ref.lease_id), lease.ref.fence
    message.cost.slots = 1
    if lease.checkpoint:
        message.checkpoint.ParseFromString(lease.checkpoint)
    return message


def verdict_to_proto(verdict: Verdict) -> pb.TransitionFlowRunResponse:
    reply = pb.TransitionFlowRunResponse()
    match verdict:
        case Accepted(flow_run=run):
            reply.accepted.flow_run.CopyFrom(flow_run_to_proto(run))
        case Rejected(actual=actual, replaced=replaced, stop=stop):
            reply.rejected.actual_state.CopyFrom(state_to_proto(actual))
            reply.rejected.stop = stop
            if replaced:
                reply.rejected.replacement_state.CopyFrom(state_to_proto(replaced.state))
        case Wait(retry_delay=delay):
            reply.wait.retry_delay.CopyFrom(duration_to_proto(delay))
    return reply


def _put_policy(message: state_pb2.RetryPolicy, policy: RetryPolicy) -> None:
    if policy.max_retries:
        message.max_retries = policy.max_retries
        message.retry_delays.extend(map(duration_to_proto, policy.retry_delays))
