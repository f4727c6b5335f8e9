"""The SQL implementation: the lines that runs write."""

from collections.abc import Sequence
from uuid import UUID

from penstock.errors import FlowRunNotFound
from penstockd.database import Sql
from penstockd.state.rules.log import LogLine
from penstockd.state.store.statement_texts import log as texts


class SqlLogStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def lock(self, namespace: str, flow_run_id: UUID) -> tuple[UUID | None, int]:
        row = await self._sql.one(
            texts.LOCK_FLOW_RUN_LEASE, namespace=namespace, id=flow_run_id
        )
        if row is None:
            raise FlowRunNotFound(
                f"no flow run {flow_run_id} in {namespace}", flow_run_id=str(flow_run_id)
            )
        return row["lease_id"], row["attempt"]

    async def acknowledged(
        self, namespace: str, flow_run_id: UUID, *, lease_id: UUID, source: str
    ) -> int:
        row = await self._sql.one(
            texts.LOG_SOURCE,
            namespace=namespace,
            flow_run_id=flow_run_id,
            lease_id=lease_id,
            source=source,
        )
        return row["acknowledged_offset"] if row else 0

    async def append(
        self,
        namespace: str,
        flow_run_id: UUID,
        lines: Sequence[LogLine],
        *,
        lease_id: UUID,
        source: str,
    ) -> None:
        key = {"namespace": namespace, "flow_run_id": flow_run_id}
        last = await self._sql.one(texts.LAST_LOG_POSITION, **key)
        first = (last["position"] if last else 0) + 1
        await self._sql.run_many(
            texts.INSERT_LOG,
            [
                {
                    **key,
                    "position": position,
                    "offset": line.offset,
                    "time": line.time,
                    "level": line.level,
                    "logger": line.logger,
                    "message": line.message,
                    "task_run_id": line.task_run_id,
                    "attempt": line.attempt,
                }
                for position, line in enumerate(lines, first)
            ],
        )
        await self._sql.run(
            texts.SAVE_LOG_SOURCE,
            **key,
            lease_id=lease_id,
            source=source,
            acknowledged_offset=lines[-1].offset,
        )

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, min_level: int, limit: int
    ) -> list[tuple[int, LogLine]]:
        rows = await self._sql.all(
            texts.LOGS,
            namespace=namespace,
            flow_run_id=flow_run_id,
            after=after,
            min_level=min_level,
            limit=limit,
        )
        return [
            (
                row["position"],
                LogLine(
                    offset=row["offset"],
                    time=row["time"],
                    level=row["level"],
                    logger=row["logger"],
                    message=row["message"],
                    task_run_id=row["task_run_id"],
                    attempt=row["attempt"],
                ),
            )
            for row in rows
        ]
