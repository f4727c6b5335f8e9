"""Which state of a flow run may follow which, and what the proposer gets for an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.state.rules.state import (
    FLOW_RUN_NEXT,
    NAMES,
    TERMINAL,
    AttemptCause,
    S,
    State,
    StateType,
    state,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    max_retries: int = 0
    retry_delays: tuple[timedelta, ...] = ()

    def delay(self, retry: int) -> timedelta:
        """Return how long to wait before a retry, from 1; the last delay repeats."""
        if not self.retry_delays:
            return timedelta(0)
        return self.retry_delays[min(retry, len(self.retry_delays)) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRun:
    """`launch` and `parameters` are messages that nobody reads here.

    `session_id` and `lease_id` name the owner, or the last one once it is not `owned`.
    The journal counts `open_task_runs`, which have not ended.
    """

    namespace: str
    id: UUID
    name: str
    flow_id: UUID
    flow_name: str
    root_flow_run_id: UUID
    state: State
    create_time: datetime
    expected_start_time: datetime
    flow_version: str = ""
    parent_flow_run_id: UUID | None = None
    parent_task_run_id: UUID | None = None
    deployment_id: UUID | None = None
    deployment_version: int = 0
    launch: bytes = b""
    parameters: bytes = b""
    tags: tuple[str, ...] = ()
    work_pool: str = ""
    work_queue: str = ""
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    attempt: int = 0
    attempt_cause: AttemptCause | None = None
    epoch: int = 0
    fence: int = 0
    revision: int = 1
    start_time: datetime | None = None
    end_time: datetime | None = None
    result_id: UUID | None = None
    traceparent: str = ""
    idempotency_key: str | None = None
    owned: bool = False
    session_id: UUID | None = None
    lease_id: UUID | None = None
    ack_deadline: datetime | None = None
    cancel_deadline: datetime | None = None
    open_task_runs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`by_owner`: the proposer showed the run's current lease."""

    to: State
    by_owner: bool
    result_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    flow_run: FlowRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """`replaced` is the run moved into another state than the proposed one."""

    actual: State
    replaced: FlowRun | None = None
    stop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    retry_delay: timedelta


Verdict = Accepted | Rejected | Wait
AWAITING_RETRY = "AwaitingRetry"


def judge(
    run: FlowRun, proposal: Proposal, *, at: datetime, cancel_within: timedelta
) -> Verdict:
    """Rule on a proposed transition: a refusal is an answer, which the proposer obeys.

    `cancel_within` is how long a cancelled run may take to end.
    """
    if run.state.type in TERMINAL:
        return Rejected(actual=run.state, stop=True)
    if not proposal.by_owner:
        return _judge_person(run, proposal, at, cancel_within)
    if run.state.type is S.CANCELLING:
        return _judge_cancelling(run, proposal, at)
    to = proposal.to.type
    if to not in FLOW_RUN_NEXT[run.state.type]:
        # A second RUNNING would be a second process under one lease.
        return Rejected(actual=run.state, stop=to is S.RUNNING)
    if to is S.RUNNING and (early := _due(run) - at) > timedelta(0):
        return Wait(retry_delay=early)
    if to is S.FAILED and _may_retry(run):
        retried = _awaiting_retry(run, proposal.to, at)
        return Rejected(actual=retried.state, replaced=retried)
    return Accepted(flow_run=_OWNERS_MOVES.get(to, _hold)(run, proposal, at, cancel_within))


def moved(run: FlowRun, to: State) -> FlowRun:
    """Return the run one revision on, with the times that the state brings.

    It never begins before the state that it follows: replicas differ by a part of a second,
    and a loop judges by the time at which it began.
    """
    if to.time < run.state.time:
        to = to._replace(time=run.state.time)
    over = to.type in TERMINAL
    return replace(
        run,
        state=to,
        revision=run.revision + 1,
        end_time=to.time if over else None,
        owned=run.owned and not over,
        ack_deadline=None,
        cancel_deadline=run.cancel_deadline if to.type is S.CANCELLING else None,
    )


def handed_back(run: FlowRun, to: State) -> FlowRun:
    """Return the run without its owner, whose lease is worth nothing from now on."""
    return replace(moved(run, to), owned=False, fence=run.fence + 1)


def _judge_person(
    run: FlowRun, proposal: Proposal, at: datetime, cancel_within: timedelta
) -> Verdict:
    """People may only cancel. Whoever executes user code is told; else it is over at once."""
    if run.state.type is S.CANCELLING or proposal.to.type is not S.CANCELLING:
        return Rejected(actual=run.state)
    if run.state.type is not S.SCHEDULED and run.owned:
        return Accepted(flow_run=_cancelling(run, proposal, at, cancel_within))
    cancelled = moved(run, state(S.CANCELLED, at, message=proposal.to.message))
    return Rejected(actual=cancelled.state, replaced=cancelled, stop=True)


def _judge_cancelling(run: FlowRun, proposal: Proposal, at: datetime) -> Verdict:
    """Whatever else the owner proposes, user code no longer executes: it is cancelled."""
    if proposal.to.type is S.CANCELLING:
        return Rejected(actual=run.state)
    if proposal.to.type in FLOW_RUN_NEXT[S.CANCELLING]:
        return Accepted(flow_run=moved(run, _named(proposal.to, at)))
    end = state(S.CANCELLED, at, message=run.state.message)
    cancelled = moved(run, end._replace(rolled_back=proposal.to.rolled_back))
    return Rejected(actual=cancelled.state, replaced=cancelled, stop=True)


def _may_retry(run: FlowRun) -> bool:
    return run.state.type is S.RUNNING and run.attempt <= run.retry_policy.max_retries


def _awaiting_retry(run: FlowRun, failed: State, at: datetime) -> FlowRun:
    due = at + run.retry_policy.delay(run.attempt)
    to = state(S.SCHEDULED, at, name=AWAITING_RETRY, message=failed.message, scheduled_time=due)
    return moved(run, to._replace(rolled_back=failed.rolled_back))


def _due(run: FlowRun) -> datetime:
    if run.state.type is S.SCHEDULED and run.state.scheduled_time:
        return run.state.scheduled_time
    return run.expected_start_time


def _named(proposed: State, at: datetime) -> State:
    return proposed._replace(name=proposed.name or NAMES[proposed.type], time=at)


def _hold(run: FlowRun, proposal: Proposal, at: datetime, _within: timedelta) -> FlowRun:
    return moved(run, _named(proposal.to, at))


def _run(run: FlowRun, proposal: Proposal, at: datetime, _within: timedelta) -> FlowRun:
    running = moved(run, _named(proposal.to, at))
    return replace(
        running,
        attempt=run.attempt + 1,
        attempt_cause=_cause(run),
        start_time=run.start_time or running.state.time,
    )


def _cause(run: FlowRun) -> AttemptCause:
    if run.attempt == 0:
        return AttemptCause.FIRST
    return _CAUSES.get(run.state.type, AttemptCause.INFRASTRUCTURE)


def _complete(run: FlowRun, proposal: Proposal, at: datetime, _within: timedelta) -> FlowRun:
    return replace(moved(run, _named(proposal.to, at)), result_id=proposal.result_id)


def _cancelling(run: FlowRun, proposal: Proposal, at: datetime, within: timedelta) -> FlowRun:
    cancelling = moved(run, _named(proposal.to, at))
    return replace(cancelling, ack_deadline=run.ack_deadline, cancel_deadline=at + within)


def _hand_back(run: FlowRun, proposal: Proposal, at: datetime, _within: timedelta) -> FlowRun:
    to = _named(proposal.to, at)
    return handed_back(run, to._replace(scheduled_time=to.scheduled_time or at))


_CAUSES: Mapping[StateType, AttemptCause] = {
    S.SCHEDULED: AttemptCause.RETRY,
    S.PAUSED: AttemptCause.RESUME,
}
_OWNERS_MOVES: Mapping[
    StateType, Callable[[FlowRun, Proposal, datetime, timedelta], FlowRun]
] = {
    S.RUNNING: _run,
    S.COMPLETED: _complete,
    S.CANCELLING: _cancelling,
    S.SCHEDULED: _hand_back,
}
