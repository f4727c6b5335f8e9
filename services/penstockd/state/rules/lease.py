"""Who may work on a run, and what becomes of it when the owner is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from penstockd.state.rules.flow_run import FlowRun, handed_back, moved
from penstockd.state.rules.state import TERMINAL, S, State, StateType, state


class LeasePhase(StrEnum):
    """In the order in which a worker goes through them."""

    OFFERED = "OFFERED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"


class LeaseReason(StrEnum):
    RUN = "RUN"
    RETRY = "RETRY"


class Ruling(StrEnum):
    OK = "OK"
    CANCEL = "CANCEL"
    LOST = "LOST"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRef:
    lease_id: UUID
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A run's lease, current or last. `checkpoint` is a message that nobody reads here."""

    ref: LeaseRef
    run: FlowRun
    reason: LeaseReason
    checkpoint: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lease as the store has it: how far its worker is, and what it left behind."""

    run: FlowRun
    phase: LeasePhase
    checkpoint: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    lease: LeaseRef
    phase: LeasePhase
    checkpoint: bytes = b""


class OutcomeType(StrEnum):
    ENDED = "ENDED"
    CANCELLED = "CANCELLED"
    GIVE_BACK = "GIVE_BACK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    lease: LeaseRef
    type: OutcomeType
    message: str = ""
    delay: timedelta = timedelta(0)


INTERRUPTED = "Interrupted"
_ORDER = tuple(LeasePhase)
_BYTES_OF_CHARACTER = 4
# Names, the message and the ids of a run.
_OTHER_BYTES = 8 * 1024


def holds(run: FlowRun, ref: LeaseRef) -> bool:
    """Whether the lease is the run's current one, or its last one if the run has ended."""
    return (run.lease_id, run.fence) == (ref.lease_id, ref.fence)


def claimed(
    run: FlowRun, *, session_id: UUID, lease_id: UUID, at: datetime, ack_within: timedelta
) -> FlowRun:
    """Return a due run in the hands of a session, which must acknowledge it in time."""
    return replace(
        moved(run, state(S.PENDING, at)),
        owned=True,
        fence=run.fence + 1,
        session_id=session_id,
        lease_id=lease_id,
        ack_deadline=at + ack_within,
    )


def created_for(run: FlowRun, *, session_id: UUID, lease_id: UUID) -> FlowRun:
    """Return a new run that its maker owns from the first moment."""
    return replace(
        run,
        state=state(S.PENDING, run.create_time),
        owned=True,
        fence=1,
        session_id=session_id,
        lease_id=lease_id,
    )


def lease_of(run: FlowRun, checkpoint: bytes) -> Lease:
    """Return the lease of a run that was just claimed."""
    assert run.lease_id is not None  # noqa: S101 - a claimed run has one
    return Lease(
        ref=LeaseRef(lease_id=run.lease_id, fence=run.fence),
        run=run,
        reason=LeaseReason.RETRY if run.attempt else LeaseReason.RUN,
        checkpoint=checkpoint,
    )


def size_of(run: FlowRun, checkpoint: bytes) -> int:
    """Return about how many bytes a hand-out of the run takes, rather too many."""
    tags = _BYTES_OF_CHARACTER * sum(map(len, run.tags))
    return _OTHER_BYTES + tags + len(run.launch) + len(run.parameters) + len(checkpoint)


def unacknowledged(run: FlowRun, at: datetime) -> FlowRun:
    """Return a run that is offered again, since its hand-out was not acknowledged."""
    if run.state.type is S.CANCELLING:
        return handed_back(run, state(S.CANCELLED, at, message=run.state.message))
    return handed_back(run, state(S.SCHEDULED, at, scheduled_time=at))


def orphaned(run: FlowRun, message: str, at: datetime) -> FlowRun:
    """Return a run whose owner is gone; user code that was executing is lost with it."""
    if run.state.type is S.CANCELLING:
        return handed_back(run, state(S.CANCELLED, at, message=run.state.message))
    waits = run.state.type in (S.PENDING, S.SCHEDULED)
    if waits and run.work_pool:
        return handed_back(run, _again(run, message, at, timedelta(0)))
    return handed_back(run, state(S.CRASHED, at, message=message))


def overdue(run: FlowRun, at: datetime) -> FlowRun:
    """Return a run whose cancellation nobody has ended in time."""
    return handed_back(run, state(S.CANCELLED, at, message=run.state.message))


def settled(run: FlowRun, outcome: Outcome, at: datetime) -> FlowRun:
    """Return the run after its worker gave it back; one that has ended stays as it is."""
    if run.state.type in TERMINAL or not run.owned:
        return run
    if run.state.type is S.CANCELLING:
        message = run.state.message or outcome.message
        return moved(run, state(S.CANCELLED, at, message=message))
    if outcome.type is not OutcomeType.GIVE_BACK:
        return moved(run, state(_ENDS[outcome.type], at, message=outcome.message))
    back = handed_back(run, _again(run, outcome.message, at, outcome.delay))
    # What was given back costs no attempt.
    return replace(back, attempt=run.attempt - (run.state.type is S.RUNNING))


def ended_beside(run: FlowRun, outcome: Outcome, at: datetime) -> FlowRun:
    """Return a run that the process under another run's lease owned, and left open."""
    if outcome.type is OutcomeType.CANCELLED:
        return settled(run, outcome, at)
    return orphaned(run, outcome.message, at)


def news(held: Held, report: Report) -> bool:
    """Whether the report acknowledges something new, or carries a checkpoint."""
    further = _ORDER.index(report.phase) > _ORDER.index(held.phase)
    return further or report.checkpoint not in (b"", held.checkpoint)


def noted(held: Held, report: Report) -> Held:
    """Return the lease as the report leaves it; a late report takes nothing back."""
    return Held(
        run=replace(held.run, ack_deadline=None),
        phase=max(held.phase, report.phase, key=_ORDER.index),
        checkpoint=report.checkpoint or held.checkpoint,
    )


def ruling(held: Held | None, ref: LeaseRef) -> Ruling:
    if held is None or not held.run.owned or not holds(held.run, ref):
        return Ruling.LOST
    return Ruling.CANCEL if held.run.state.type is S.CANCELLING else Ruling.OK


def is_settled(held: Held | None, ruled: Ruling) -> bool:
    """Whether the worker need not hear at once: nothing to do, or it has acknowledged."""
    if ruled is Ruling.OK:
        return True
    told = held is not None and held.phase is LeasePhase.CANCELLING
    return ruled is Ruling.CANCEL and told


def _again(run: FlowRun, message: str, at: datetime, delay: timedelta) -> State:
    due = run.state.scheduled_time if run.state.type is S.SCHEDULED else None
    return state(
        S.SCHEDULED,
        at,
        name=INTERRUPTED,
        message=message,
        scheduled_time=max(at + delay, due or at),
    )


_ENDS: Mapping[OutcomeType, StateType] = {
    OutcomeType.ENDED: S.CRASHED,
    OutcomeType.CANCELLED: S.CANCELLED,
}
