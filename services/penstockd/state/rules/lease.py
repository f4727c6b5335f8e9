"""Who may work on a run, and what becomes of it when the owner is gone."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from penstockd.state.rules.failure import NO_FAILURE, FailureRecord
from penstockd.state.rules.flow_run import FlowRun, cancelled, disowned, handed_back, moved
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.state import AttemptCause, S, State, state


class LeasePhase(StrEnum):
    """In the order in which a worker goes through them."""

    OFFERED = "OFFERED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"


class LeaseReason(StrEnum):
    RUN = "RUN"
    RETRY = "RETRY"
    RESUME = "RESUME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A run's lease, as its owner gets it. `checkpoint` is a message that nobody reads here."""

    ref: LeaseRef
    run: FlowRun
    reason: LeaseReason
    checkpoint: bytes = b""


class OutcomeType(StrEnum):
    ENDED = "ENDED"
    CANCELLED = "CANCELLED"
    GIVEN_BACK = "GIVEN_BACK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a lease: `failure` comes with ENDED, `delay` with GIVEN_BACK.

    `interrupted` comes with ENDED: a run that had not begun is not to blame.
    """

    lease: LeaseRef
    type: OutcomeType
    message: str = ""
    failure: FailureRecord = NO_FAILURE
    delay: timedelta = timedelta(0)
    interrupted: bool = False


INTERRUPTED = "Interrupted"
# A run that kills its process before it begins is not handed out for ever.
MOST_LOST_STARTS = 5
FIRST_DELAY = timedelta(seconds=1)
_REASONS = {
    AttemptCause.FIRST: LeaseReason.RUN,
    AttemptCause.RESUME: LeaseReason.RESUME,
}
_BYTES_OF_CHARACTER = 4
# Names, the message and the ids of a run.
_OTHER_BYTES = 8 * 1024


def claimed(
    run: FlowRun, *, session_id: UUID, lease_id: UUID, at: datetime, ack_within: timedelta
) -> FlowRun:
    """Return a due run in the hands of a session, which must acknowledge it in time."""
    pending = moved(run, state(S.PENDING, at))
    owner = replace(
        pending.ownership,
        owned=True,
        fence=run.ownership.fence + 1,
        session_id=session_id,
        lease_id=lease_id,
        ack_deadline=at + ack_within,
    )
    return replace(pending, ownership=owner)


def created_for(run: FlowRun, *, session_id: UUID, lease_id: UUID) -> FlowRun:
    """Return a new run that its maker owns from the first moment."""
    owner = replace(
        run.ownership, owned=True, fence=1, session_id=session_id, lease_id=lease_id
    )
    return replace(run, state=state(S.PENDING, run.create_time), ownership=owner)


def lease_of(run: FlowRun, checkpoint: bytes) -> Lease:
    """Return the lease of a run that was just claimed."""
    owner = run.ownership
    assert owner.lease_id is not None  # noqa: S101 - a claimed run has one
    return Lease(
        ref=LeaseRef(lease_id=owner.lease_id, fence=owner.fence),
        run=run,
        reason=_REASONS.get(run.next_cause, LeaseReason.RETRY),
        checkpoint=checkpoint,
    )


def size_of(run: FlowRun, checkpoint: bytes) -> int:
    """Return about how many bytes a hand-out of the run takes, rather too many."""
    spec = len(run.spec.content) + len(run.spec.parameters)
    state_text = _BYTES_OF_CHARACTER * len(run.state.message)
    return _OTHER_BYTES + spec + state_text + len(run.failure.whole) + len(checkpoint)


def unacknowledged(run: FlowRun, at: datetime) -> FlowRun:
    """Return a run that is offered again, since its hand-out was not acknowledged."""
    if run.state.type is S.CANCELLING:
        return cancelled(run, at, message=run.state.message)
    return handed_back(run, state(S.SCHEDULED, at, scheduled_time=at))


def orphaned(run: FlowRun, message: str, at: datetime) -> FlowRun:
    """Return a run whose owner is gone; user code that was executing is lost with it."""
    if run.state.type is S.CANCELLING:
        return cancelled(run, at, message=run.state.message)
    if _waits_for_a_worker(run):
        return handed_back(run, _again(run, message, at, timedelta(0)))
    return disowned(run, state(S.CRASHED, at, message=message))


def overdue(run: FlowRun, at: datetime) -> FlowRun:
    """Return a run whose cancellation nobody has ended in time."""
    return cancelled(run, at, message=run.state.message)


def settled(run: FlowRun, outcome: Outcome, at: datetime) -> FlowRun:
    """Return the run after its worker completed the lease; one that has ended stays."""
    if not run.ownership.owned:
        return run
    if run.state.type is S.CANCELLING or outcome.type is OutcomeType.CANCELLED:
        message = run.state.message if run.state.type is S.CANCELLING else ""
        return moved(run, state(S.CANCELLED, at, message=message or outcome.message))
    if outcome.type is OutcomeType.GIVEN_BACK and run.spec.work_pool:
        return handed_back(run, _again(run, outcome.message, at, outcome.delay))
    if outcome.interrupted and _waits_for_a_worker(run) and run.lost_starts < MOST_LOST_STARTS:
        return _begun_elsewhere(run, outcome.message, at)
    # A script's run, too: no worker could take it from a pool.
    crashed = moved(run, state(S.CRASHED, at, message=outcome.message))
    known = run.failure if outcome.failure == NO_FAILURE else outcome.failure
    return replace(crashed, failure=known)


def ended_beside(run: FlowRun, outcome: Outcome, at: datetime) -> FlowRun:
    """Return a run that the process under another run's lease owned, and left open."""
    if outcome.type is OutcomeType.CANCELLED and run.state.type is not S.CANCELLING:
        return cancelled(run, at, message=outcome.message)
    return orphaned(run, outcome.message, at)


def _waits_for_a_worker(run: FlowRun) -> bool:
    """Whether no user code of the run executes, and another worker can take it."""
    return run.state.type in (S.PENDING, S.SCHEDULED) and bool(run.spec.work_pool)


def _begun_elsewhere(run: FlowRun, message: str, at: datetime) -> FlowRun:
    """Return the run after a start that was lost; each one is waited for longer."""
    delay = FIRST_DELAY * 2**run.lost_starts
    waiting = handed_back(run, _again(run, message, at, delay))
    return replace(waiting, lost_starts=run.lost_starts + 1)


def _again(run: FlowRun, message: str, at: datetime, delay: timedelta) -> State:
    due = run.state.scheduled_time if run.state.type is S.SCHEDULED else None
    return state(
        S.SCHEDULED,
        at,
        name=INTERRUPTED,
        message=message,
        scheduled_time=max(at + delay, due or at),
    )
