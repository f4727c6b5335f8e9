"""Which processes are alive, and what becomes of the runs of those that are not."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from penstock.errors import IdTaken, WorkerSessionClosed, WorkerSessionNotFound
from penstockd.state.rules.actor import STATE_SERVICE
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import orphaned
from penstockd.state.rules.lease_report import LeaseVerdict, Report, verdicts
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import (
    SessionKind,
    Unopened,
    WorkerSession,
    ended,
    opened,
    renewed,
)
from penstockd.state.store import Store, Transaction
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.lease_reports import note_reports
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    session: WorkerSession
    verdicts: Sequence[LeaseVerdict]


class WorkerSessions:
    def __init__(self, store: Store, sources: Sources, notices: Notices, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._notices = notices
        self._terms = terms

    async def open(
        self, namespace: str, session_id: UUID, kind: SessionKind, held: Sequence[Report] = ()
    ) -> Opened:
        """Rule on what the process still holds, too. Raises IdTaken and WorkerSessionClosed."""

        async def work(tx: Transaction) -> Opened:
            session = await open_session(
                tx, namespace, session_id, kind, clock=self._sources.clock, terms=self._terms
            )
            known = await tx.leases.held(
                namespace, [it.lease.lease_id for it in held], lock=False
            )
            after = known | await note_reports(tx, session, held, known)
            return Opened(session=session, verdicts=verdicts(after, held, session_id))

        return await self._store.write(work)

    async def close(self, namespace: str, session_id: UUID) -> WorkerSession:
        """Raises WorkerSessionNotFound."""
        message = f"the worker {session_id} ended before the run"

        async def work(tx: Transaction) -> WorkerSession:
            session = await tx.worker_sessions.find(namespace, session_id, lock=True)
            if session is None:
                raise not_open(session_id)
            now = self._sources.clock()
            return await close_session(
                tx, session, lambda run: orphaned(run, message, now), now
            )

        closed = await self._store.write(work)
        self._notices.ring(session_id)
        return closed

    def watch(
        self, namespace: str, cursor: str
    ) -> AsyncIterator[tuple[str, Sequence[WorkerSession]]]:
        return self._store.watch_worker_sessions(namespace, cursor)


async def open_session(
    tx: Transaction,
    namespace: str,
    session_id: UUID,
    kind: SessionKind,
    *,
    clock: Callable[[], datetime],
    terms: Terms,
) -> WorkerSession:
    """Raises IdTaken and WorkerSessionClosed."""
    known = await tx.worker_sessions.find(namespace, session_id, lock=True)
    # Whoever waited for the lock is to have the whole TTL nevertheless.
    at = clock()
    session = opened(
        known, namespace=namespace, session_id=session_id, kind=kind, at=at, ttl=terms.ttl
    )
    if isinstance(session, Unopened):
        raise _unopened(session, session_id)
    if session is not known:
        await tx.worker_sessions.save(session, tell_at=at)
    elif (longer := renewed(session, at=at, terms=terms)) is not None:
        # Whoever opens it lives, and would lose what it begins before its first renewal.
        await tx.worker_sessions.save(longer)
        return longer
    return session


async def alive(
    tx: Transaction, namespace: str, session_id: UUID, *, lock: bool = False
) -> WorkerSession:
    """Raises WorkerSessionNotFound unless the session is open."""
    session = await tx.worker_sessions.find(namespace, session_id, lock=lock)
    if session is None or not session.alive:
        raise not_open(session_id)
    return session


async def expire_session(
    tx: Transaction, session: WorkerSession, left: Callable[[FlowRun], FlowRun], at: datetime
) -> None:
    """End a locked session that nobody renewed, and leave its runs as they are without it."""
    if session.alive:
        await _end(tx, ended(session, at, closed=False), left, at)


async def close_session(
    tx: Transaction, session: WorkerSession, left: Callable[[FlowRun], FlowRun], at: datetime
) -> WorkerSession:
    """End a locked session for good, and leave its runs as they are without it."""
    if session.alive:
        over = ended(session, at, closed=True)
        await _end(tx, over, left, at)
        return over
    if not session.closed:
        # Its time was over before it was closed: it is not to come back nevertheless.
        session = replace(session, closed=True)
        await tx.worker_sessions.save(session)
    return session


async def _end(
    tx: Transaction, over: WorkerSession, left: Callable[[FlowRun], FlowRun], at: datetime
) -> None:
    await tx.worker_sessions.save(over, tell_at=at)
    for run in await tx.leases.owned_by(over.namespace, over.id):
        await save(tx, left(run), actor=STATE_SERVICE)


def not_open(session_id: UUID) -> WorkerSessionNotFound:
    return WorkerSessionNotFound(
        f"the session {session_id} is not open: register the worker again",
        session_id=str(session_id),
    )


def _unopened(why: Unopened, session_id: UUID) -> IdTaken | WorkerSessionClosed:
    told = {"session_id": str(session_id)}
    if why is Unopened.CLOSED:
        return WorkerSessionClosed(
            f"the session {session_id} was closed: choose a new id for a new process", **told
        )
    return IdTaken(f"the session {session_id} is open as another kind: choose a new id", **told)
