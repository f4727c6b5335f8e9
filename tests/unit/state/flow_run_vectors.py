"""Golden vectors of flow runs as values: what is stored, and what is asked.

A case has the run as it is stored, its current or last lease, a request, and the response or
the error.
"""

from typing import Any
from uuid import UUID

from google.protobuf.json_format import MessageToDict, ParseDict

from builders import a_flow_run
from penstock.api.state.v1 import flow_run_pb2, state_pb2, transition_service_pb2
from penstock.api.type.v1 import lease_pb2
from penstockd.chassis.wire.fields import optional_uuid
from penstockd.chassis.wire.times import optional_time, time_from_proto
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.ownership import Ownership
from penstockd.state.rules.state import TERMINAL, AttemptCause, S, State
from penstockd.state.servicers.failure_wire import failure_of
from penstockd.state.servicers.run_spec_wire import run_spec_of
from penstockd.state.servicers.values import CAUSES, STATE_TYPES, lease_ref_of

# Why the next attempt of a run will be made: of one that its owner has begun or keeps, the
# state tells; of one that was handed out, the lease does.
_BY_STATE = {
    S.RUNNING: AttemptCause.INFRASTRUCTURE,
    S.SCHEDULED: AttemptCause.RETRY,
    S.PAUSED: AttemptCause.RESUME,
}
_BY_REASON = {
    lease_pb2.LEASE_REASON_RUN: AttemptCause.FIRST,
    lease_pb2.LEASE_REASON_RETRY: AttemptCause.RETRY,
    lease_pb2.LEASE_REASON_RESUME: AttemptCause.RESUME,
}


def request_of(case: dict[str, Any]) -> transition_service_pb2.TransitionFlowRunRequest:
    return ParseDict(case["request"], transition_service_pb2.TransitionFlowRunRequest())


def stored_run(case: dict[str, Any]) -> FlowRun:
    message = ParseDict(case["stored"], flow_run_pb2.FlowRun())
    lease = ParseDict(case["lease"], lease_pb2.Lease())
    state, ref = _state_of(message.state), lease_ref_of(lease.lease_ref, "lease_ref")
    return a_flow_run(
        namespace=message.namespace,
        id=UUID(message.id),
        name=message.name,
        flow_id=UUID(message.flow_id),
        root_flow_run_id=UUID(message.root_flow_run_id),
        state=state,
        attempt=message.attempt,
        attempt_cause=CAUSES.get(message.attempt_cause),
        next_cause=_BY_STATE.get(state.type) or _BY_REASON[lease.reason],
        revision=message.revision,
        create_time=time_from_proto(message.create_time, "create_time"),
        expected_start_time=time_from_proto(message.expected_start_time, "expected_start_time"),
        start_time=optional_time(message, "start_time"),
        end_time=optional_time(message, "end_time"),
        failure=failure_of(message.failure, "failure").record,
        spec=run_spec_of(message.spec, "spec"),
        ownership=Ownership(
            owned=state.type not in TERMINAL,
            session_id=optional_uuid(message.session_id, "session_id"),
            lease_id=ref.lease_id,
            fence=ref.fence,
        ),
    )


def as_dict(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = MessageToDict(message)
    return found


def _state_of(message: state_pb2.State) -> State:
    return State(
        type=STATE_TYPES[message.state_type],
        name=message.name,
        message=message.message,
        time=time_from_proto(message.time, "time"),
        scheduled_time=optional_time(message, "scheduled_time"),
    )
