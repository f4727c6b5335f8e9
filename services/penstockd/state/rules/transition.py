"""Which state of a flow run may follow which, and what its owner gets for an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.state.rules.failure import (
    NO_FAILURE,
    Failure,
    FailureRecord,
    delay_before_retry,
)
from penstockd.state.rules.flow_run import FlowRun, cancelling, handed_back, moved
from penstockd.state.rules.state import (
    FLOW_RUN_NEXT,
    NAMES,
    AttemptCause,
    S,
    State,
    StateType,
    state,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the owner of a run proposes; see `misplaced`."""

    to: State
    result_id: UUID | None = None
    failure: Failure | None = None
    flow_run_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    flow_run: FlowRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """`replaced` is the run moved into another state than the proposed one."""

    actual: State
    replaced: FlowRun | None = None
    stop: bool = False
    retry_delay: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    retry_delay: timedelta


Verdict = Accepted | Rejected | Wait
AWAITING_RETRY = "AwaitingRetry"


def misplaced(proposal: Proposal) -> tuple[str, str] | None:
    """Return the field that does not go with the proposed state, and why; None if all do."""
    to = proposal.to.type
    if proposal.result_id is not None and to is not S.COMPLETED:
        return "result_id", f"is only allowed with COMPLETED, and {to} was proposed"
    if proposal.failure is not None and to not in (S.FAILED, S.CRASHED):
        return "failure", f"is only allowed with FAILED or CRASHED, and {to} was proposed"
    if proposal.flow_run_name and to is not S.RUNNING:
        return "flow_run_name", f"is only allowed with RUNNING, and {to} was proposed"
    if proposal.to.scheduled_time is not None:
        return "to_state.scheduled_time", (
            "would be a time of your clock: leave it out, or give the lease back "
            "with a delay (LeaseService.Complete, given_back)"
        )
    return None


def judge(
    run: FlowRun,
    proposal: Proposal,
    *,
    at: datetime,
    cancel_within: timedelta,
    randomness: float,
) -> Verdict:
    """Rule on a transition that the owner proposes: a refusal is an answer, which it obeys.

    `cancel_within` is how long a cancelled run may take to end; `randomness` is from 0 to 1.
    """
    if run.ended:
        return Rejected(actual=run.state, stop=True)
    if run.state.type is S.CANCELLING:
        return _judge_cancelling(run, proposal, at)
    to = proposal.to.type
    if to not in FLOW_RUN_NEXT[run.state.type]:
        # A second RUNNING would be a second process under one lease.
        return Rejected(actual=run.state, stop=to is S.RUNNING)
    if to is S.RUNNING and (early := _due(run) - at) > timedelta(0):
        return Wait(retry_delay=early)
    if to is S.FAILED and (delay := _delay_before_retry(run, proposal, randomness)) is not None:
        retried = _awaiting_retry(run, proposal, at, delay)
        return Rejected(actual=retried.state, replaced=retried, retry_delay=delay)
    if to is S.SCHEDULED and not run.spec.work_pool:
        # No worker could take a script's run.
        crashed = moved(run, state(S.CRASHED, at, message=proposal.to.message))
        return Rejected(actual=crashed.state, replaced=crashed, stop=True)
    return Accepted(flow_run=_MOVES.get(to, _hold)(run, proposal, at, cancel_within))


def _judge_cancelling(run: FlowRun, proposal: Proposal, at: datetime) -> Verdict:
    """Whatever else the owner proposes, user code no longer executes: it is cancelled."""
    if proposal.to.type is S.CANCELLING:
        return Rejected(actual=run.state)
    if proposal.to.type in FLOW_RUN_NEXT[S.CANCELLING]:
        # Why it was cancelled stays, unless the owner has more to say.
        to = proposal.to._replace(message=proposal.to.message or run.state.message)
        return Accepted(flow_run=_hold(run, replace(proposal, to=to), at, timedelta(0)))
    end = state(S.CANCELLED, at, message=run.state.message)
    ended = moved(run, end._replace(rolled_back=proposal.to.rolled_back))
    return Rejected(actual=ended.state, replaced=ended, stop=True)


def _delay_before_retry(
    run: FlowRun, proposal: Proposal, randomness: float
) -> timedelta | None:
    if run.state.type is not S.RUNNING:
        return None
    return delay_before_retry(
        run.spec.retry_policy, proposal.failure, attempt=run.attempt, randomness=randomness
    )


def _awaiting_retry(
    run: FlowRun, proposal: Proposal, at: datetime, delay: timedelta
) -> FlowRun:
    failed = proposal.to
    waits = state(
        S.SCHEDULED, at, name=AWAITING_RETRY, message=failed.message, scheduled_time=at + delay
    )
    waiting = moved(run, waits._replace(rolled_back=failed.rolled_back))
    return replace(waiting, next_cause=AttemptCause.RETRY, failure=_record(proposal))


def _due(run: FlowRun) -> datetime:
    if run.state.type is S.SCHEDULED and run.state.scheduled_time:
        return run.state.scheduled_time
    return run.expected_start_time


def _named(proposed: State, at: datetime) -> State:
    return proposed._replace(name=proposed.name or NAMES[proposed.type], time=at)


def _record(proposal: Proposal) -> FailureRecord:
    return proposal.failure.record if proposal.failure else NO_FAILURE


def _hold(run: FlowRun, proposal: Proposal, at: datetime, _within: timedelta) -> FlowRun:
    return moved(run, _named(proposal.to, at))


def _run(run: FlowRun, proposal: Proposal, at: datetime, _within: timedelta) -> FlowRun:
    running = moved(run, _named(proposal.to, at))
    takes_name = bool(proposal.flow_run_name) and not run.is_named
    return replace(
        running,
        name=proposal.flow_run_name if takes_name else run.name,
        is_named=takes_name or run.is_named,
        attempt=run.next_attempt,
        attempt_cause=run.next_cause,
        # Whatever else takes the run from its owner says so.
        next_cause=AttemptCause.INFRASTRUCTURE,
        failure=NO_FAILURE,
        lost_starts=0,
        start_time=run.start_time or running.state.time,
    )


def _pause(run: FlowRun, proposal: Proposal, at: datetime, within: timedelta) -> FlowRun:
    return replace(_hold(run, proposal, at, within), next_cause=AttemptCause.RESUME)


def _complete(run: FlowRun, proposal: Proposal, at: datetime, within: timedelta) -> FlowRun:
    return replace(_hold(run, proposal, at, within), result_id=proposal.result_id)


def _fail(run: FlowRun, proposal: Proposal, at: datetime, within: timedelta) -> FlowRun:
    return replace(_hold(run, proposal, at, within), failure=_record(proposal))


def _cancel(run: FlowRun, proposal: Proposal, at: datetime, within: timedelta) -> FlowRun:
    return cancelling(run, _named(proposal.to, at), within=within)


def _hand_back(run: FlowRun, proposal: Proposal, at: datetime, _within: timedelta) -> FlowRun:
    return handed_back(run, _named(proposal.to, at)._replace(scheduled_time=at))


_MOVES: Mapping[StateType, Callable[[FlowRun, Proposal, datetime, timedelta], FlowRun]] = {
    S.RUNNING: _run,
    S.PAUSED: _pause,
    S.COMPLETED: _complete,
    S.FAILED: _fail,
    S.CRASHED: _fail,
    S.CANCELLING: _cancel,
    S.SCHEDULED: _hand_back,
}
