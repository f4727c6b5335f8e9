"""States as messages carry them, and back."""

from __future__ import annotations

from typing import Any

from penstock.api.state.v1 import state_pb2
from penstock.client.wire.times import datetime_of, timestamp_of
from penstock.ground.texts import cut
from penstock.states import State, StateType

LONGEST_NAME = 100
LONGEST_MESSAGE = 16_384

TYPES = {name.removeprefix("STATE_TYPE_"): value for name, value in state_pb2.StateType.items()}
_NAMES = {value: StateType(name) for name, value in TYPES.items() if name != "UNSPECIFIED"}


def state_message(state: State[Any]) -> state_pb2.State:
    """Return a state that is proposed for a flow run."""
    return state_pb2.State(
        state_type=TYPES[state.type],
        name=cut(state.name, LONGEST_NAME),
        message=cut(state.message or "", LONGEST_MESSAGE),
        time=timestamp_of(state.timestamp),
        rolled_back=state.rolled_back,
    )


def state_of(message: state_pb2.State, flow_run_id: str = "") -> State[Any]:
    """Return a stored state as a user's program sees it."""
    return State(
        type=_NAMES[message.state_type],
        name=message.name,
        message=message.message,
        timestamp=datetime_of(message.time),
        rolled_back=message.rolled_back,
        flow_run_id=flow_run_id,
    )
