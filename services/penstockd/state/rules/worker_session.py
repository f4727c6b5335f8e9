"""When a worker session is alive, and when its row must be written."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from penstockd.state.rules.terms import Terms


class SessionKind(StrEnum):
    EXECUTOR = "EXECUTOR"
    SCRIPT = "SCRIPT"
    EMBEDDED = "EMBEDDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSession:
    """The heartbeat of one process. An EMBEDDED one has no `lease_until`.

    One that was `closed` ended in good order; without, nobody renewed it. Of one that ended
    long ago nothing else is known, not even its kind.
    """

    namespace: str
    id: UUID
    kind: SessionKind | None
    alive: bool
    revision: int
    create_time: datetime
    lease_until: datetime | None = None
    end_time: datetime | None = None
    closed: bool = False


class Unopened(StrEnum):
    """Why a session is not opened."""

    CLOSED = "CLOSED"
    OTHER_KIND = "OTHER_KIND"


def opened(
    known: WorkerSession | None,
    *,
    namespace: str,
    session_id: UUID,
    kind: SessionKind,
    at: datetime,
    ttl: timedelta,
) -> WorkerSession | Unopened:
    """Return the session that is open; one that nobody renewed begins anew, without its leases.

    One that was closed is over: a process that goes on after it closed its session has a bug.
    """
    if known is not None and known.alive:
        return known if known.kind is kind else Unopened.OTHER_KIND
    if known is not None and known.closed:
        return Unopened.CLOSED
    return WorkerSession(
        namespace=namespace,
        id=session_id,
        kind=kind,
        alive=True,
        revision=known.revision + 1 if known else 1,
        create_time=at,
        lease_until=None if kind is SessionKind.EMBEDDED else at + ttl,
    )


def renewed(session: WorkerSession, *, at: datetime, terms: Terms) -> WorkerSession | None:
    """Return the session as it must be written; None if that was done just now.

    Each renewal that comes in its time is written, so that one which comes late finds the
    session alive; those that a worker with news sends in between are not.
    """
    if session.lease_until is None:
        return None
    if session.lease_until - at >= terms.ttl - terms.renew_interval / 2:
        return None
    return replace(session, lease_until=at + terms.ttl)


def time_left(session: WorkerSession, *, at: datetime, terms: Terms) -> timedelta:
    """Return how long it lives without another renewal; nothing ends an EMBEDDED one."""
    if session.lease_until is None:
        return terms.ttl
    return max(timedelta(0), session.lease_until - at)


def ended(session: WorkerSession, at: datetime, *, closed: bool) -> WorkerSession:
    return replace(
        session, alive=False, revision=session.revision + 1, end_time=at, closed=closed
    )


def forgotten(
    namespace: str, session_id: UUID, *, revision: int, at: datetime
) -> WorkerSession:
    """Return what is said of a session whose row is gone: it ended."""
    return WorkerSession(
        namespace=namespace,
        id=session_id,
        kind=None,
        alive=False,
        revision=revision,
        create_time=at,
        end_time=at,
    )
