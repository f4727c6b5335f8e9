"""The SQL implementation: the lines that runs write."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from penstock.errors import FlowRunNotFound
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.state.rules.log import LastOwner, LogHead, LogLine, Source
from penstockd.state.store.ports.log import LinesWanted, Placed, Writer
from penstockd.state.store.rows.state import Row
from penstockd.state.store.statement_texts import log as texts

KIND = "log"


class SqlLogStore:
    def __init__(self, sql: Sql, outbox: Outbox) -> None:
        self._sql = sql
        self._outbox = outbox

    async def lock(self, namespace: str, flow_run_id: UUID) -> LastOwner:
        found = await self._sql.one(
            texts.LOCK_FLOW_RUN_LEASE, namespace=namespace, id=flow_run_id
        )
        return LastOwner(**_found(found, namespace, flow_run_id))

    async def source(self, writer: Writer) -> Source:
        row = await self._sql.one(texts.LOG_SOURCE, **asdict(writer))
        return Source(row["acknowledged_offset"], row["ended"]) if row else Source()

    async def append(self, writer: Writer, lines: Sequence[LogLine]) -> None:
        key = {"namespace": writer.namespace, "flow_run_id": writer.flow_run_id}
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

    async def save_source(self, writer: Writer, source: Source, *, at: datetime) -> None:
        await self._sql.run(
            texts.SAVE_LOG_SOURCE,
            **asdict(writer),
            acknowledged_offset=source.acknowledged,
            ended=source.ended,
        )
        # Watches read the lines: the change only wakes those of this run.
        change = Change(
            namespace=writer.namespace,
            kind=KIND,
            resource_id=writer.flow_run_id,
            scope_id=writer.flow_run_id,
            seq=source.acknowledged,
            create_time=at,
        )
        await self._outbox.append(self._sql, [change])

    async def head(self, namespace: str, flow_run_id: UUID) -> LogHead:
        row = await self._sql.one(texts.LOG_HEAD, namespace=namespace, id=flow_run_id)
        return LogHead(**_found(row, namespace, flow_run_id))

    async def bytes_by_namespace(self) -> Mapping[str, int]:
        rows = await self._sql.all(texts.LOG_BYTES_BY_NAMESPACE)
        return {row["namespace"]: row["used"] for row in rows}

    async def page(self, wanted: LinesWanted, *, limit: int) -> list[Placed]:
        binds = asdict(wanted) | {"limit": limit}
        statement = texts.LOGS if wanted.task_run_id is None else texts.TASK_RUN_LOGS
        return [_placed(row) for row in await self._sql.all(statement, **binds)]


def _placed(row: Row) -> Placed:
    line = LogLine(
        offset=row["offset"],
        time=row["time"],
        level=row["level"],
        logger=row["logger"],
        message=row["message"],
        task_run_id=row["task_run_id"],
        attempt=row["attempt"],
    )
    return Placed(row["position"], line)


def _found(row: Row | None, namespace: str, flow_run_id: UUID) -> Row:
    if row is None:
        raise FlowRunNotFound(
            f"no flow run {flow_run_id} in {namespace}", flow_run_id=str(flow_run_id)
        )
    return row
