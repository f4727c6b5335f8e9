"""Which processes are alive, and what becomes of the runs of those that are not."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from uuid import UUID

from penstock.errors import WorkerSessionNotFound
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import orphaned
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import (
    SessionKind,
    WorkerSession,
    ended,
    opened,
    renewed,
)
from penstockd.state.store import Store, Transaction
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources


class WorkerSessions:
    def __init__(self, store: Store, sources: Sources, notices: Notices, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._notices = notices
        self._terms = terms

    async def open(self, namespace: str, session_id: UUID, kind: SessionKind) -> WorkerSession:
        return await self._store.write(
            lambda tx: open_session(
                tx, namespace, session_id, kind, clock=self._sources.clock, terms=self._terms
            )
        )

    async def close(self, namespace: str, session_id: UUID) -> WorkerSession:
        """Raises WorkerSessionNotFound."""
        message = f"the worker {session_id} ended before the run"

        async def work(tx: Transaction) -> WorkerSession:
            session = await tx.worker_sessions.find(namespace, session_id, lock=True)
            if session is None:
                raise not_open(session_id)
            now = self._sources.clock()
            return await end_session(tx, session, lambda run: orphaned(run, message, now), now)

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
    known = await tx.worker_sessions.find(namespace, session_id, lock=True)
    # Whoever waited for the lock is to have the whole TTL nevertheless.
    at = clock()
    session = opened(
        known, namespace=namespace, session_id=session_id, kind=kind, at=at, ttl=terms.ttl
    )
    if session is not known:
        await tx.worker_sessions.save(session, tell_at=at)
    elif (longer := renewed(session, at=at, terms=terms)) is not None:
        # Whoever opens it lives, and would lose what it begins before its first renewal.
        await tx.worker_sessions.save(longer)
        return longer
    return session


async def end_session(
    tx: Transaction, session: WorkerSession, left: Callable[[FlowRun], FlowRun], at: datetime
) -> WorkerSession:
    """End a locked session, and leave its runs as they are without it."""
    if not session.alive:
        return session
    over = ended(session, at)
    await tx.worker_sessions.save(over, tell_at=at)
    for run in await tx.leases.owned_by(session.namespace, session.id):
        await save(tx, left(run), actor="state")
    return over


def not_open(session_id: UUID) -> WorkerSessionNotFound:
    return WorkerSessionNotFound(
        f"the session {session_id} is not open: register the worker again",
        session_id=str(session_id),
    )
