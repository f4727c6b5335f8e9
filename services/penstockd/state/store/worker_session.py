"""The SQL implementation: worker sessions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store.rows.worker_session import worker_session_of, worker_session_row
from penstockd.state.store.statement_texts import worker_session as texts

KIND = "worker_session"


class SqlWorkerSessionStore:
    def __init__(self, sql: Sql, outbox: Outbox) -> None:
        self._sql = sql
        self._outbox = outbox

    async def find(
        self, namespace: str, session_id: UUID, *, lock: bool = False
    ) -> WorkerSession | None:
        statement = texts.LOCK_WORKER_SESSION if lock else texts.WORKER_SESSION
        row = await self._sql.one(statement, namespace=namespace, id=session_id)
        return worker_session_of(row) if row else None

    async def known(self, namespace: str, session_ids: Sequence[UUID]) -> list[UUID]:
        rows = await self._sql.all(
            texts.WORKER_SESSIONS_BY_ID, namespace=namespace, ids=session_ids
        )
        return [row["id"] for row in rows]

    async def save(self, session: WorkerSession, *, tell_at: datetime | None = None) -> None:
        row = worker_session_row(session)
        # Only what is told of can be new: a renewal changes a row that is there.
        is_new = session.revision == 1 and tell_at is not None
        if not is_new or not await self._sql.run(texts.INSERT_WORKER_SESSION, **row):
            await self._sql.run(texts.SAVE_WORKER_SESSION, **row)
        if tell_at is not None:
            await self._outbox.append(self._sql, [_change(session, tell_at)])

    async def expired(self, now: datetime, *, limit: int) -> list[WorkerSession]:
        rows = await self._sql.all(texts.EXPIRED_SESSIONS, now=now, limit=limit)
        return [worker_session_of(row) for row in rows]

    async def forget(self, *, older_than: datetime, limit: int) -> int:
        """Delete some that ended long ago; return how many."""
        return await self._sql.run(texts.FORGET_SESSIONS, older_than=older_than, limit=limit)

    async def embedded(self) -> list[WorkerSession]:
        return [worker_session_of(row) for row in await self._sql.all(texts.EMBEDDED_SESSIONS)]


def _change(session: WorkerSession, at: datetime) -> Change:
    return Change(
        namespace=session.namespace,
        kind=KIND,
        resource_id=session.id,
        scope_id=session.id,
        seq=session.revision,
        create_time=at,
    )
