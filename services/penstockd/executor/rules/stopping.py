"""How a run's child is stopped: token, terminate, kill, each in its time."""

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum


class Cause(StrEnum):
    """Why a child is stopped."""

    CANCEL = "CANCEL"
    """The run is being cancelled."""
    LOST = "LOST"
    """Somebody else owns the run, or the executor's session has ended."""
    OPERATOR = "OPERATOR"
    """An operator asked this executor to stop it."""
    DRAIN = "DRAIN"
    """The executor itself ends."""


class StopStage(IntEnum):
    """How hard a child was asked to stop; each stage only follows a softer one.

    TERMINATE asks the child as a whole, which may still tidy up; KILL does not ask.
    """

    NONE = 0
    TOKEN = 1
    TERMINATE = 2
    KILL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """When the harder stages follow, counted from the moment the stop was ordered.

    With `token` the user's code is asked first, by a token that it sees between tasks.
    """

    token: bool
    terminate_after: timedelta
    kill_after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStages:
    """What must be done now, hardest last, and how long until the next stage."""

    stages: tuple[StopStage, ...]
    next_in: timedelta | None


def escalate(pace: Pace, *, elapsed: timedelta, done: StopStage) -> DueStages:
    """Rule on a stop that was ordered `elapsed` ago and has come as far as `done`."""
    due = {
        StopStage.TOKEN: timedelta(0) if pace.token else None,
        StopStage.TERMINATE: pace.terminate_after,
        StopStage.KILL: pace.kill_after,
    }
    left = [(stage, at) for stage, at in due.items() if at is not None and stage > done]
    stages = tuple(stage for stage, at in left if at <= elapsed)
    later = [at - elapsed for _, at in left if at > elapsed]
    return DueStages(stages=stages, next_in=min(later, default=None))


URGENCY = {
    Cause.CANCEL: 0,
    Cause.OPERATOR: 0,
    Cause.DRAIN: 1,
    Cause.LOST: 2,
}


def overrules(new: Cause, old: Cause | None) -> bool:
    """Tell whether a second order replaces the first: only a more urgent one does."""
    return old is None or URGENCY[new] > URGENCY[old]
