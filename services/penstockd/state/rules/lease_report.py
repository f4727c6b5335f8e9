"""What a worker tells of its leases, and what it is told to do with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.ownership import LeaseRef, Ownership
from penstockd.state.rules.state import S, StateType


class Ruling(StrEnum):
    OK = "OK"
    CANCEL = "CANCEL"
    LOST = "LOST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lease as its run's row has it, without the rest of the run."""

    namespace: str
    flow_run_id: UUID
    ownership: Ownership
    state_type: StateType
    state_message: str
    phase: LeasePhase
    checkpoint: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How far the worker is with one lease. `checkpoint` is a message that nobody reads."""

    lease: LeaseRef
    phase: LeasePhase
    checkpoint: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseVerdict:
    lease_id: UUID
    ruling: Ruling
    message: str = ""


HeldById = Mapping[UUID, Held]
LOST_MESSAGE = "somebody else owns the run now, or it was ended"
LONGEST_MESSAGE = 1000
_ALL_MESSAGES = 2 * 1024 * 1024
_BYTES_OF_CHARACTER = 4
_ORDER = tuple(LeasePhase)


def ruling(held: Held | None, ref: LeaseRef, session_id: UUID) -> Ruling:
    """Rule on a lease that a session lists.

    When the run has ended by its owner's own word, the lease is still to be completed. Whoever
    else ends a run, or takes it away, makes its fence grow.
    """
    if held is None or not held.ownership.shown_by(ref):
        return Ruling.LOST
    if held.ownership.session_id != session_id:
        return Ruling.LOST
    if held.ownership.owned and held.state_type is S.CANCELLING:
        return Ruling.CANCEL
    return Ruling.OK


def verdicts(held: HeldById, reports: Sequence[Report], session_id: UUID) -> list[LeaseVerdict]:
    """Return one for each report; all of them fit into one answer, whatever they say."""
    longest = min(LONGEST_MESSAGE, longest_of(len(reports)))
    return [_verdict(held, report, session_id, longest) for report in reports]


def _verdict(held: HeldById, report: Report, session_id: UUID, longest: int) -> LeaseVerdict:
    lease_id = report.lease.lease_id
    ruled = ruling(held.get(lease_id), report.lease, session_id)
    message = ""
    if ruled is Ruling.LOST:
        message = LOST_MESSAGE
    elif ruled is Ruling.CANCEL:
        message = cut(held[lease_id].state_message, longest)
    return LeaseVerdict(lease_id=lease_id, ruling=ruled, message=message)


def is_settled(held: HeldById, report: Report, session_id: UUID) -> bool:
    """Whether the worker need not hear at once: nothing to do, or it has acknowledged."""
    lease = held.get(report.lease.lease_id)
    ruled = ruling(lease, report.lease, session_id)
    if ruled is Ruling.OK:
        return True
    told = lease is not None and lease.phase is LeasePhase.CANCELLING
    return ruled is Ruling.CANCEL and told


def news(held: HeldById, reports: Sequence[Report], session_id: UUID) -> list[Report]:
    """Return the reports that must be written, of leases that are not lost."""
    return [
        report
        for report in reports
        if (lease := held.get(report.lease.lease_id)) is not None
        and _is_news(lease, report)
        and ruling(lease, report.lease, session_id) is not Ruling.LOST
    ]


def noted(held: Held, report: Report) -> Held:
    """Return the lease as the report leaves it; a late report takes nothing back."""
    return replace(
        held,
        ownership=replace(held.ownership, ack_deadline=None, list_deadline=None),
        phase=max(held.phase, report.phase, key=_ORDER.index),
        checkpoint=report.checkpoint or held.checkpoint,
    )


def left_out(held: Held, session_id: UUID, *, deadline: datetime) -> Held | None:
    """Return the lease as a renewal that does not list it leaves it; None if it stays as it is.

    One that was not acknowledged, by a report or by moving its run, may still be on its way.
    """
    owner = held.ownership
    if not owner.owned or owner.session_id != session_id:
        return None
    if owner.ack_deadline is not None or owner.list_deadline is not None:
        return None
    return replace(held, ownership=replace(owner, list_deadline=deadline))


def _is_news(held: Held, report: Report) -> bool:
    """Whether the report acknowledges something, carries a checkpoint, or lists it again."""
    if held.ownership.list_deadline is not None:
        return True
    further = _ORDER.index(report.phase) > _ORDER.index(held.phase)
    return further or report.checkpoint not in (b"", held.checkpoint)


def longest_of(count: int) -> int:
    """Return how many characters each of so many messages may have in one answer."""
    return _ALL_MESSAGES // (_BYTES_OF_CHARACTER * max(1, count))


def cut(message: str, longest: int) -> str:
    return message if len(message) <= longest else message[: longest - 1] + "…"
