"""Writes what a session tells of its leases, and what it does not tell."""

from collections.abc import Collection, Sequence
from datetime import datetime
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


async def note_reports(
    tx: Transaction, session: WorkerSession, reports: Sequence[Report], held: HeldById
) -> dict[UUID, Held]:
    """Write the reports that are news of what was `held`; return those leases as they are now.

    Most reports are no news, so that only the rows of those that are get locked, and are
    judged once more: somebody else may have moved their runs since they were read.
    """
    fresh = news(held, reports, session.id)
    if not fresh:
        return {}
    ids = list(dict.fromkeys(it.lease.lease_id for it in fresh))
    locked = await tx.leases.held(session.namespace, ids, lock=True)
    changed: dict[UUID, Held] = {}
    for report in news(locked, fresh, session.id):
        lease_id = report.lease.lease_id
        changed[lease_id] = noted(changed.get(lease_id, locked[lease_id]), report)
    await tx.leases.note(list(changed.values()))
    return locked | changed


async def note_left_out(
    tx: Transaction, session: WorkerSession, listed: Collection[UUID], *, deadline: datetime
) -> None:
    """Give the leases that a renewal leaves out until a deadline to be listed again.

    The session's row is locked: of two renewals that overlap, the later one finds what the
    earlier one wrote, and lists again what the other had not known yet.
    """
    acknowledged = await tx.leases.acknowledged(session.namespace, session.id)
    missing = [it for it in acknowledged if it not in listed]
    if not missing:
        return
    locked = await tx.leases.held(session.namespace, missing, lock=True)
    marked = [left_out(it, listed, session.id, deadline=deadline) for it in locked.values()]
    await tx.leases.note([it for it in marked if it is not None])
