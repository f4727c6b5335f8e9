"""Writes what a session tells of its leases, and what it does not tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.state.rules.lease_report import (
    Held,
    HeldById,
    Report,
    left_out,
    news,
    noted,
)
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Leases that a session did not list, and until when it must."""

    lease_ids: Sequence[UUID]
    deadline: datetime


async def missing_from(
    tx: Transaction,
    session: WorkerSession,
    reports: Sequence[Report],
    *,
    at: datetime,
    ttl: timedelta,
) -> LeftOut:
    """Return what a renewal should have listed.

    The session's row is locked: of two renewals that overlap, the later one finds what the
    earlier one wrote, and lists again what the other had not known yet.
    """
    listed = {report.lease.lease_id for report in reports}
    acknowledged = await tx.leases.acknowledged(session.namespace, session.id)
    missing = [lease_id for lease_id in acknowledged if lease_id not in listed]
    return LeftOut(lease_ids=missing, deadline=at + ttl)


async def note_reports(
    tx: Transaction,
    session: WorkerSession,
    reports: Sequence[Report],
    held: HeldById,
    missing: LeftOut | None = None,
) -> dict[UUID, Held]:
    """Write what is news of what was `held`; return the leases with news as they are now.

    Most reports are no news, so that only the rows of those that are get locked, and are
    judged once more: somebody else may have moved their runs since they were read. All are
    locked by one statement in one order, so that no two transactions wait for each other.
    """
    fresh = news(held, reports, session.id)
    told = dict.fromkeys(report.lease.lease_id for report in fresh)
    left = missing.lease_ids if missing else ()
    if not told and not left:
        return {}
    locked = await tx.leases.held(session.namespace, [*told, *left], lock=True)
    now = {lease_id: locked[lease_id] for lease_id in told if lease_id in locked}
    changed: dict[UUID, Held] = {}
    for report in news(now, fresh, session.id):
        lease_id = report.lease.lease_id
        now[lease_id] = changed[lease_id] = noted(now[lease_id], report)
    marked = _marked(locked, missing, session.id) if missing else []
    await tx.leases.note([*changed.values(), *marked])
    return now


def _marked(locked: HeldById, missing: LeftOut, session_id: UUID) -> list[Held]:
    found = (locked[it] for it in missing.lease_ids if it in locked)
    marked = (left_out(it, session_id, deadline=missing.deadline) for it in found)
    return [it for it in marked if it is not None]
