"""What people do to a run that others work on, or that nobody does."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from penstockd.state.rules.failure import NO_FAILURE
from penstockd.state.rules.flow_run import FlowRun, cancelled, cancelling, disowned
from penstockd.state.rules.state import (
    FLOW_RUN_NEXT,
    NAMES,
    AttemptCause,
    S,
    State,
    StateType,
    state,
)

# Nobody executes user code by decree.
SETTABLE = frozenset({S.COMPLETED, S.FAILED, S.CANCELLED, S.CRASHED, S.SCHEDULED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a run may not come into a state, and what to do instead."""

    why: str


def asked_to_end(
    run: FlowRun, *, at: datetime, message: str, within: timedelta
) -> FlowRun | None:
    """Return the run after somebody cancelled it; None if it ends already.

    Whoever executes user code is told, and has some time; else it is over at once.
    """
    if run.ended or run.state.type is S.CANCELLING:
        return None
    if run.ownership.owned and run.state.type is not S.SCHEDULED:
        return cancelling(run, state(S.CANCELLING, at, message=message), within=within)
    return cancelled(run, at, message=message)


def set_by_decree(run: FlowRun, to: State, *, at: datetime, force: bool) -> FlowRun | Refused:
    """Return the run in a state, without its owner; force also leads where no arrow does."""
    if to.type is S.SCHEDULED and not run.spec.work_pool:
        return Refused(why="a run without a work pool cannot wait: no worker would start it")
    if not force and to.type not in _following(run):
        return Refused(
            why=f"a run cannot go from {run.state.type} to {to.type}: set force to do it "
            "all the same"
        )
    named = to._replace(name=to.name or NAMES[to.type], time=at)
    if to.type is S.SCHEDULED:
        return _waiting_again(run, named._replace(scheduled_time=to.scheduled_time or at))
    ended = disowned(run, named)
    if to.type is S.COMPLETED:
        return replace(ended, failure=NO_FAILURE)
    return replace(ended, result_id=None)


def _following(run: FlowRun) -> frozenset[StateType]:
    if run.state.type is S.SCHEDULED and not run.ownership.owned:
        return frozenset({S.CANCELLED})
    return FLOW_RUN_NEXT[run.state.type]


def _waiting_again(run: FlowRun, to: State) -> FlowRun:
    """One that had ended starts afresh; an attempt under way lost its process."""
    waiting = disowned(run, to)
    if not run.ended:
        begun = run.state.type not in (S.SCHEDULED, S.PENDING)
        cause = AttemptCause.INFRASTRUCTURE if begun else run.next_cause
        return replace(waiting, next_cause=cause)
    return replace(
        waiting,
        epoch=run.epoch + 1,
        attempt=0,
        attempt_cause=None,
        next_cause=AttemptCause.FIRST,
        result_id=None,
        failure=NO_FAILURE,
    )
