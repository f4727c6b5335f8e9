"""Shapes that several resources of this service share, from the wire and onto it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from penstock.api.state.v1 import flow_run_filter_pb2, state_pb2
from penstock.api.type.v1 import failure_pb2, lease_pb2, view_pb2
from penstockd.chassis.ids import EPOCH
from penstockd.chassis.wire.fields import invalid, uuid_of
from penstockd.chassis.wire.times import optional_time, put_time
from penstockd.state.rules.flow_run_filter import TagFilter
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.state import NAMES, AttemptCause, State, StateType
from penstockd.state.rules.view import View

STATE_TYPES: Mapping[int, StateType] = {
    state_pb2.StateType.Value(f"STATE_TYPE_{it}"): it for it in StateType
}
CAUSES: Mapping[int, AttemptCause] = {
    state_pb2.AttemptCause.Value(f"ATTEMPT_CAUSE_{it}"): it for it in AttemptCause
}
STATE_NUMBERS: Mapping[StateType, Any] = {it: number for number, it in STATE_TYPES.items()}
_CAUSE_NUMBERS = {it: number for number, it in CAUSES.items()}


def state_type_of(number: int, field: str) -> StateType:
    try:
        return STATE_TYPES[number]
    except KeyError:
        raise invalid(field, f"{number} is not a valid state type") from None


def state_of(message: state_pb2.State, field: str, time: datetime = EPOCH) -> State:
    """Return a proposed state, in which the run is since `time`, or since it is ruled on."""
    type_ = STATE_TYPES.get(message.state_type) or state_type_of(
        message.state_type, f"{field}.state_type"
    )
    return State(
        type_,
        time,
        message.name or NAMES[type_],
        message.message,
        optional_time(message, "scheduled_time"),
        message.rolled_back,
    )


def put_state(message: state_pb2.State, state: State) -> None:
    message.state_type = STATE_NUMBERS[state.type]
    message.name = state.name
    message.message = state.message
    message.rolled_back = state.rolled_back
    put_time(message.time, state.time)
    put_time(message.scheduled_time, state.scheduled_time)


def state_to_proto(state: State) -> state_pb2.State:
    message = state_pb2.State()
    put_state(message, state)
    return message


def cause_number(cause: AttemptCause | None) -> Any:
    return _CAUSE_NUMBERS[cause] if cause else 0


def lease_ref_of(message: lease_pb2.LeaseRef, field: str) -> LeaseRef:
    return LeaseRef(
        lease_id=uuid_of(message.lease_id, f"{field}.lease_id"), fence=message.fence
    )


def view_of(number: int) -> View:
    return View.FULL if number == view_pb2.View.VIEW_FULL else View.BASIC


def tag_filter_of(message: flow_run_filter_pb2.TagFilter) -> TagFilter:
    return TagFilter(
        all=tuple(message.all),
        any=tuple(message.any),
        none=tuple(message.none),
    )


def leave_out_of_failure(message: failure_pb2.Failure) -> None:
    """Keep what a basic view tells: no stacks, and no data."""
    message.ClearField("stack")
    message.ClearField("data")
    for cause in message.causes:
        cause.ClearField("stack")
