"""The SQL implementation of the execution store."""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from penstock.errors import ExecutionNotFound, RevisionConflict
from penstockd.database import Database, Sql
from penstockd.database.change_feed import Change, Interest, Outbox, follow
from penstockd.executor.rules.execution import Execution, ExecutionPhase
from penstockd.executor.rules.work import LeaseRef
from penstockd.executor.store import ExecutionTransaction
from penstockd.executor.store import statement_texts as texts

T = TypeVar("T")
KIND = "execution"
LAST_ID = UUID(int=(1 << 128) - 1)
FORGOTTEN_AT_ONCE = 1_000

_outbox = Outbox("executor")


class SqlExecutionStore:
    """The clock tells when something changed, which decides when that is forgotten."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], *, progress: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._progress = progress

    async def transact(
        self, work: Callable[[ExecutionTransaction], Coroutine[Any, Any, T]]
    ) -> T:
        now = self._clock()
        return await self._database.write(lambda sql: work(SqlExecutionTransaction(sql, now)))

    async def load(self, namespace: str, execution_id: UUID) -> Execution:
        execution = await self._database.read(lambda sql: _load(sql, execution_id))
        if execution.namespace != namespace:
            raise _not_found(execution_id)
        return execution

    async def page(
        self, namespace: str, *, active_only: bool, before: UUID | None, limit: int
    ) -> tuple[str, Sequence[Execution]]:
        statement = texts.ACTIVE_PAGE if active_only else texts.PAGE
        key = before or LAST_ID

        async def work(sql: Sql) -> tuple[str, Sequence[Execution]]:
            cursor = await _outbox.end(sql)
            rows = await sql.all(statement, namespace=namespace, before=key, limit=limit)
            return cursor, [_execution(row) for row in rows]

        return await self._database.read(work)

    async def active(self) -> Sequence[Execution]:
        async def work(sql: Sql) -> list[Execution]:
            return [_execution(row) for row in await sql.all(texts.ACTIVE)]

        return await self._database.read(work)

    def watch(
        self, namespace: str, cursor: str, *, execution_id: UUID | None
    ) -> AsyncIterator[tuple[str, Sequence[Execution]]]:
        interest = Interest(namespace=namespace, kinds=(KIND,), scope_id=execution_id)

        async def read(after: str) -> tuple[str, Sequence[Execution]]:
            return await self._database.read(lambda sql: _changed(sql, after, interest))

        commits = self._database.commits
        return follow(read, cursor, commits=commits, progress=self._progress)

    async def forget(self, *, older_than: datetime) -> bool:
        limit = FORGOTTEN_AT_ONCE

        async def work(sql: Sql) -> bool:
            ended = await sql.run(texts.FORGET, older_than=older_than, limit=limit)
            changes = await _outbox.expire(sql, older_than=older_than, limit=limit)
            return max(ended, changes) >= limit

        return await self._database.write(work)


class SqlExecutionTransaction:
    def __init__(self, sql: Sql, now: datetime) -> None:
        self._sql = sql
        self._now = now

    async def insert(self, execution: Execution) -> bool:
        if not await self._sql.run(texts.INSERT, **_columns(execution)):
            return False
        await self._tell(execution)
        return True

    async def load(self, execution_id: UUID) -> Execution:
        return await _load(self._sql, execution_id)

    async def save(self, execution: Execution) -> None:
        before = execution.revision - 1
        if not await self._sql.run(
            texts.SAVE, execution_id=execution.id, before=before, **_columns(execution)
        ):
            raise RevisionConflict(
                f"execution {execution.id} is not at revision {before} any more: read it "
                "again and decide again"
            )
        await self._tell(execution)

    async def _tell(self, execution: Execution) -> None:
        change = Change(
            namespace=execution.namespace,
            kind=KIND,
            resource_id=execution.id,
            scope_id=execution.id,
            seq=execution.revision,
            create_time=self._now,
        )
        await _outbox.append(self._sql, [change])


async def _load(sql: Sql, execution_id: UUID) -> Execution:
    row = await sql.one(texts.LOAD, id=execution_id)
    if row is None:
        raise _not_found(execution_id)
    return _execution(row)


def _not_found(execution_id: UUID) -> ExecutionNotFound:
    return ExecutionNotFound(
        f"this executor has no execution {execution_id} in the namespace: another "
        "executor may have it",
        execution_id=str(execution_id),
    )


async def _changed(
    sql: Sql, cursor: str, interest: Interest
) -> tuple[str, Sequence[Execution]]:
    """Return executions as they are now, each once, at its last change."""
    cursor, changes = await _outbox.after(sql, cursor, interest)
    if not changes:
        return cursor, ()
    ids = list(dict.fromkeys(it.resource_id for it in reversed(changes)))[::-1]
    rows = await sql.all(texts.EXECUTIONS_BY_ID, ids=ids)
    found = {row["id"]: _execution(row) for row in rows}
    # What ended long ago may be forgotten before its changes are.
    return cursor, [found[it] for it in ids if it in found]


def _execution(row: dict[str, Any]) -> Execution:
    lease = LeaseRef(lease_id=row.pop("id"), fence=row.pop("fence"))
    return Execution(lease=lease, phase=ExecutionPhase(row.pop("phase")), **row)


def _columns(execution: Execution) -> dict[str, Any]:
    return {
        "id": execution.id,
        "fence": execution.lease.fence,
        "namespace": execution.namespace,
        "flow_run_id": execution.flow_run_id,
        "incarnation": execution.incarnation,
        "runtime": execution.runtime,
        "handle": execution.handle,
        "phase": execution.phase.value,
        "exit_code": execution.exit_code,
        "message": execution.message,
        "start_time": execution.start_time,
        "end_time": execution.end_time,
        "captured_size": execution.captured_size,
        "revision": execution.revision,
    }
