"""States, which several tables hold."""

from collections.abc import Mapping
from typing import Any

from penstockd.state.rules.state import AttemptCause, State, StateType

Row = Mapping[str, Any]

CAUSES: dict[str | None, AttemptCause | None] = {None: None, **{it: it for it in AttemptCause}}
_TYPES: dict[str, StateType] = {it.value: it for it in StateType}
# A table is nine times faster than `.value`, and each row of a journal's batch has one.
_TEXTS: dict[StateType, str] = {it: it.value for it in StateType}


def state_of(row: Row) -> State:
    return State(
        type=_TYPES[row["state_type"]],
        name=row["state_name"],
        message=row["state_message"],
        time=row["state_time"],
        scheduled_time=row["scheduled_time"],
        rolled_back=row["rolled_back"],
    )


def state_row(state: State) -> dict[str, Any]:
    return {
        "state_type": _TEXTS[state.type],
        "state_name": state.name,
        "state_message": state.message,
        "state_time": state.time,
        "scheduled_time": state.scheduled_time,
        "rolled_back": state.rolled_back,
    }
