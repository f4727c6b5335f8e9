"""Shapes that several resources share, from the wire and onto it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.state.v1 import state_pb2
from penstock.api.type.v1 import lease_ref_pb2
from penstockd.chassis.fields import invalid, uuid_of
from penstockd.state.rules.lease import LeaseRef
from penstockd.state.rules.state import NAMES, AttemptCause, State, StateType
from penstockd.state.store import Answer, Intent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STATE_TYPES: Mapping[int, StateType] = {
    state_pb2.StateType.Value(f"STATE_TYPE_{it}"): it for it in StateType
}
CAUSES: Mapping[int, AttemptCause] = {
    state_pb2.AttemptCause.Value(f"ATTEMPT_CAUSE_{it}"): it for it in AttemptCause
}
_STATE_NUMBERS = {it: number for number, it in STATE_TYPES.items()}
_CAUSE_NUMBERS = {it: number for number, it in CAUSES.items()}


def time_of(stamp: Timestamp) -> datetime:
    """Raises InvalidArgument for a year that Python has not."""
    try:
        return _EPOCH + timedelta(0, stamp.seconds, stamp.nanos // 1000)
    except OverflowError:
        raise invalid("time", f"{stamp.seconds} s since 1970 is out of range") from None


def optional_time(message: Any, field: str) -> datetime | None:
    return time_of(getattr(message, field)) if message.HasField(field) else None


def put_time(stamp: Timestamp, time: datetime | None) -> None:
    """Leave the field absent when there is no time."""
    if time is not None:
        seconds = (time - _EPOCH) // timedelta(seconds=1)
        stamp.seconds, stamp.nanos = seconds, time.microsecond * 1000


def span_of(duration: Duration, field: str) -> timedelta:
    try:
        return timedelta(seconds=duration.seconds, microseconds=duration.nanos // 1000)
    except OverflowError:
        raise invalid(field, "the duration is out of range") from None


def duration_of(span: timedelta) -> Duration:
    duration = Duration()
    duration.FromTimedelta(span)
    return duration


def text_of(value: UUID | None) -> str:
    return str(value) if value else ""


def clean(text: str) -> str:
    """Return text that PostgreSQL can keep too: it has no NUL."""
    return text.replace("\x00", "\ufffd") if "\x00" in text else text


def state_type_of(number: int, field: str) -> StateType:
    try:
        return STATE_TYPES[number]
    except KeyError:
        raise invalid(field, f"{number} is no state type") from None


def state_of(message: state_pb2.State, field: str, time: datetime = _EPOCH) -> State:
    """Return a proposed state, in which the run is since `time`, or since it is ruled on."""
    type_ = STATE_TYPES.get(message.type) or state_type_of(message.type, f"{field}.type")
    return State(
        type_,
        time,
        clean(message.name) or NAMES[type_],
        clean(message.message),
        optional_time(message, "scheduled_time"),
        message.rolled_back,
    )


def put_state(message: state_pb2.State, state: State) -> None:
    message.type = _STATE_NUMBERS[state.type]  # type: ignore[assignment]
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


def lease_ref_of(message: lease_ref_pb2.LeaseRef, field: str) -> LeaseRef:
    return LeaseRef(
        lease_id=uuid_of(message.lease_id, f"{field}.lease_id"), fence=message.fence
    )


def intent_of(method: str, request: Any) -> Intent:
    return Intent(
        namespace=request.namespace,
        method=method,
        request_id=uuid_of(request.request_id, "request_id"),
        request_hash=sha256(request.SerializeToString(deterministic=True)).digest(),
    )


def tell_replay(context: Any, answer: Answer) -> None:
    if answer.replayed:
        context.set_trailing_metadata((("x-replayed", "1"),))


def packed(message: Message) -> bytes:
    """Return a message that is kept and never looked into."""
    return message.SerializeToString(deterministic=True)
