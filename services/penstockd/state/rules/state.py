"""The closed set of state types, and which may follow which."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class StateType(StrEnum):
    SCHEDULED = "SCHEDULED"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    CRASHED = "CRASHED"
    PAUSED = "PAUSED"
    CANCELLING = "CANCELLING"


class AttemptCause(StrEnum):
    FIRST = "FIRST"
    RETRY = "RETRY"
    RESUME = "RESUME"
    INFRASTRUCTURE = "INFRASTRUCTURE"


S = StateType

_ENDS_EARLY = frozenset({S.FAILED, S.CANCELLED, S.CRASHED})
# While its owner waits to retry, a SCHEDULED run goes on, ends, or is handed back.
FLOW_RUN_NEXT: Mapping[StateType, frozenset[StateType]] = {
    S.SCHEDULED: _ENDS_EARLY | {S.PENDING, S.RUNNING, S.SCHEDULED},
    S.PENDING: _ENDS_EARLY | {S.RUNNING, S.SCHEDULED, S.CANCELLING},
    S.RUNNING: _ENDS_EARLY | {S.COMPLETED, S.PAUSED, S.CANCELLING, S.SCHEDULED},
    S.PAUSED: _ENDS_EARLY | {S.RUNNING, S.SCHEDULED, S.CANCELLING},
    S.CANCELLING: frozenset({S.CANCELLED, S.CRASHED}),
    S.COMPLETED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
    S.CRASHED: frozenset(),
}
TERMINAL = frozenset(state for state, following in FLOW_RUN_NEXT.items() if not following)
# A task whose result is known completes without running, one may change its name while it
# waits, and the next attempt may begin at once. What completed may be undone: see `task_run`.
TASK_RUN_NEXT: Mapping[StateType, frozenset[StateType]] = {
    **FLOW_RUN_NEXT,
    S.PENDING: FLOW_RUN_NEXT[S.PENDING] | {S.COMPLETED, S.PENDING},
    S.RUNNING: FLOW_RUN_NEXT[S.RUNNING] | {S.RUNNING},
}
NAMES: Mapping[StateType, str] = {state: state.value.title() for state in StateType}


class State(NamedTuple):
    """As a tuple it is made three times faster: each entry of a journal has one."""

    type: StateType
    time: datetime
    name: str = ""
    message: str = ""
    scheduled_time: datetime | None = None
    rolled_back: bool = False


def state(
    type_: StateType,
    time: datetime,
    *,
    name: str = "",
    message: str = "",
    scheduled_time: datetime | None = None,
) -> State:
    """Return a state with the type's own name, unless it has another."""
    return State(
        type=type_,
        time=time,
        name=name or NAMES[type_],
        message=message,
        scheduled_time=scheduled_time,
    )
