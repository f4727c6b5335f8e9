"""One execution of a flow, and how it comes from one state into another."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.state.rules.actor import USER, Actor
from penstockd.state.rules.failure import NO_FAILURE, FailureRecord
from penstockd.state.rules.ownership import UNOWNED, Ownership
from penstockd.state.rules.run_spec import RunSpec
from penstockd.state.rules.state import TERMINAL, AttemptCause, S, State, state


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRun:
    """A run that `is_named` keeps its name; a random one is replaced when the run begins.

    `next_cause` is why the next attempt will be made; RESUME goes on with this one.

    The journal counts `open_task_runs`, which have not ended. A run with `delete_requested`
    is deleted once it has ended. `lost_starts`: how many processes in a row ended under the
    run before it began.
    """

    namespace: str
    id: UUID
    name: str
    flow_id: UUID
    spec: RunSpec
    root_flow_run_id: UUID
    state: State
    create_time: datetime
    expected_start_time: datetime
    parent_flow_run_id: UUID | None = None
    parent_task_run_id: UUID | None = None
    deployment_id: UUID | None = None
    deployment_version: int = 0
    creator: Actor = USER
    attempt: int = 0
    attempt_cause: AttemptCause | None = None
    next_cause: AttemptCause = AttemptCause.FIRST
    epoch: int = 0
    revision: int = 1
    start_time: datetime | None = None
    end_time: datetime | None = None
    result_id: UUID | None = None
    failure: FailureRecord = NO_FAILURE
    traceparent: str = ""
    idempotency_key: str | None = None
    ownership: Ownership = UNOWNED
    open_task_runs: int = 0
    delete_requested: bool = False
    lost_starts: int = 0
    is_named: bool = False

    @property
    def ended(self) -> bool:
        return self.state.type in TERMINAL

    @property
    def next_attempt(self) -> int:
        """Which attempt begins, or goes on, when the owner proposes RUNNING."""
        return self.attempt + (self.next_cause is not AttemptCause.RESUME)


def moved(run: FlowRun, to: State) -> FlowRun:
    """Return the run one revision on, with the times that the state brings.

    It never begins before the state that it follows: replicas differ by a part of a second,
    and a loop judges by the time at which it began.
    """
    if to.time < run.state.time:
        to = to._replace(time=run.state.time)
    over, owner = to.type in TERMINAL, run.ownership
    owned = owner.owned and not over
    return replace(
        run,
        state=to,
        revision=run.revision + 1,
        end_time=to.time if over else None,
        ownership=replace(
            owner,
            owned=owned,
            ack_deadline=None,
            cancel_deadline=owner.cancel_deadline if to.type is S.CANCELLING else None,
            list_deadline=owner.list_deadline if owned else None,
        ),
    )


def disowned(run: FlowRun, to: State) -> FlowRun:
    """Return the run without its owner, whose lease is worth nothing from now on."""
    after = moved(run, to)
    owner = replace(
        after.ownership, owned=False, fence=run.ownership.fence + 1, list_deadline=None
    )
    return replace(after, ownership=owner)


def handed_back(run: FlowRun, to: State) -> FlowRun:
    """Return the run as it waits for another owner; an attempt under way goes on with that."""
    begun = run.state.type in (S.RUNNING, S.PAUSED)
    cause = AttemptCause.RESUME if begun else run.next_cause
    return replace(disowned(run, to), next_cause=cause)


def cancelling(run: FlowRun, to: State, *, within: timedelta) -> FlowRun:
    """Return the run while its owner stops the user's code, which it does in time."""
    after = moved(run, to)
    owner = replace(
        after.ownership,
        ack_deadline=run.ownership.ack_deadline,
        cancel_deadline=to.time + within,
    )
    return replace(after, ownership=owner)


def cancelled(run: FlowRun, at: datetime, *, message: str) -> FlowRun:
    """Return the run ended by somebody else than its owner, if it has one."""
    end = state(S.CANCELLED, at, message=message)
    return disowned(run, end) if run.ownership.owned else moved(run, end)
