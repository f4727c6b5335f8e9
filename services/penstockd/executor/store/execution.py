"""The SQL filling of the execution store."""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from penstock.errors import ExecutionNotFound
from penstockd.database import Database, Sql
from penstockd.database.change_feed import follow
from penstockd.executor.rules.execution import Execution, Phase, ProcessMark
from penstockd.executor.store import ExecutionTransaction
from penstockd.executor.store import statement_texts as texts

T = TypeVar("T")
BATCH_SIZE = 250
LAST_ID = UUID(int=(1 << 128) - 1)


class SqlExecutionStore:
    def __init__(self, database: Database, *, progress: timedelta) -> None:
        self._database = database
        self._progress = progress

    async def transact(
        self, work: Callable[[ExecutionTransaction], Coroutine[Any, Any, T]]
    ) -> T:
        return await self._database.write(lambda sql: work(SqlExecutionTransaction(sql)))

    async def load(self, execution_id: UUID) -> Execution:
        return await self._database.read(lambda sql: _load(sql, execution_id))

    async def page(
        self, *, active_only: bool, before: UUID | None, limit: int
    ) -> Sequence[Execution]:
        statement = texts.ACTIVE_PAGE if active_only else texts.PAGE

        async def work(sql: Sql) -> list[Execution]:
            rows = await sql.all(statement, before=before or LAST_ID, limit=limit)
            return [_execution(row) for row in rows]

        return await self._database.read(work)

    async def active(self) -> Sequence[Execution]:
        async def work(sql: Sql) -> list[Execution]:
            return [_execution(row) for row in await sql.all(texts.ACTIVE)]

        return await self._database.read(work)

    async def watch(self) -> AsyncIterator[Sequence[Execution]]:
        async def read(cursor: str) -> tuple[str, Sequence[Execution]]:
            return await self._database.read(lambda sql: _changes(sql, cursor))

        feed = follow(read, "", commits=self._database.commits, progress=self._progress)
        async for _, changes in feed:
            yield changes

    async def forget(self, *, ended_before: datetime) -> int:
        return await self._database.write(
            lambda sql: sql.run(texts.FORGET, ended_before=ended_before)
        )


class SqlExecutionTransaction:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def insert(self, execution: Execution) -> bool:
        return await self._sql.run(texts.INSERT, **_columns(execution)) == 1

    async def load(self, execution_id: UUID) -> Execution:
        return await _load(self._sql, execution_id)

    async def save(self, execution: Execution) -> None:
        await self._sql.run(texts.SAVE, execution_id=execution.id, **_columns(execution))


async def _load(sql: Sql, execution_id: UUID) -> Execution:
    row = await sql.one(texts.LOAD, id=execution_id)
    if row is None:
        raise ExecutionNotFound(
            f"this executor has no execution {execution_id}: another one may have it",
            execution_id=str(execution_id),
        )
    return _execution(row)


async def _changes(sql: Sql, cursor: str) -> tuple[str, Sequence[Execution]]:
    if cursor:
        rows = await sql.all(texts.CHANGES, after=int(cursor), limit=BATCH_SIZE)
        newest = rows[-1]["change"] if rows else int(cursor)
    else:
        rows = await sql.all(texts.ACTIVE)
        newest = ((await sql.one(texts.NEWEST)) or {"change": 0})["change"]
    return str(newest), [_execution(row) for row in rows]


def _execution(row: dict[str, Any]) -> Execution:
    process = None
    if row["pid"] is not None:
        process = ProcessMark(pid=row["pid"], birth=row["birth"])
    return Execution(
        id=row["id"],
        namespace=row["namespace"],
        flow_run_id=row["flow_run_id"],
        fence=row["fence"],
        keeper=ProcessMark(pid=row["keeper_pid"], birth=row["keeper_birth"]),
        start_time=row["start_time"],
        phase=Phase(row["phase"]),
        process=process,
        exit_code=row["exit_code"],
        message=row["message"],
        end_time=row["end_time"],
        captured_size=row["captured_size"],
    )


def _columns(execution: Execution) -> dict[str, Any]:
    process = execution.process
    return {
        "id": execution.id,
        "namespace": execution.namespace,
        "flow_run_id": execution.flow_run_id,
        "fence": execution.fence,
        "keeper_pid": execution.keeper.pid,
        "keeper_birth": execution.keeper.birth,
        "phase": execution.phase.value,
        "pid": process and process.pid,
        "birth": process and process.birth,
        "exit_code": execution.exit_code,
        "message": execution.message,
        "start_time": execution.start_time,
        "end_time": execution.end_time,
        "captured_size": execution.captured_size,
    }
