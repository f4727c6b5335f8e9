"""The SQL implementation of the result store."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

from penstock.errors import ResultNotFound
from penstockd.artifact.rules.content import ContentKey
from penstockd.artifact.rules.result import LeaseRef, Result
from penstockd.artifact.store import Intent
from penstockd.artifact.store.content import find_content
from penstockd.artifact.store.ports.result import ResultTransaction
from penstockd.artifact.store.statement_texts import result as texts
from penstockd.chassis.payload import ContentRef, Payload
from penstockd.database import Database, Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.database.request_log import RequestLog

KIND = "result"
FIRST = 1  # a result never changes


class SqlResultStore:
    def __init__(self, database: Database, outbox: Outbox, request_log: RequestLog) -> None:
        self._database = database
        self._outbox = outbox
        self._request_log = request_log

    async def once(
        self,
        intent: Intent,
        work: Callable[[ResultTransaction], Coroutine[Any, Any, bytes]],
        *,
        now: datetime,
    ) -> bytes:
        async def answered(sql: Sql) -> bytes:
            tx = SqlResultTransaction(sql, self._outbox)
            answer = await self._request_log.once(sql, intent, lambda: work(tx), now=now)
            return answer.response

        return await self._database.write(answered)

    async def load(self, namespace: str, result_id: UUID) -> Result:
        return await self._database.read(lambda sql: _load(sql, namespace, result_id))


class SqlResultTransaction:
    def __init__(self, sql: Sql, outbox: Outbox) -> None:
        self._sql = sql
        self._outbox = outbox

    async def content_size(self, key: ContentKey) -> int | None:
        content = await find_content(self._sql, key)
        return None if content is None else content.ref.size

    async def raise_fence(self, namespace: str, flow_run_id: UUID, fence: int) -> bool:
        raised = await self._sql.run(
            texts.RAISE_FENCE, namespace=namespace, flow_run_id=flow_run_id, fence=fence
        )
        return raised == 1

    async def insert(self, result: Result) -> bool:
        if not await self._sql.run(texts.INSERT_RESULT, **_columns(result)):
            return False
        change = Change(
            namespace=result.namespace,
            kind=KIND,
            resource_id=result.id,
            scope_id=result.flow_run_id,
            seq=FIRST,
            create_time=result.create_time,
        )
        await self._outbox.append(self._sql, [change])
        return True

    async def load(self, namespace: str, result_id: UUID) -> Result:
        return await _load(self._sql, namespace, result_id)


async def _load(sql: Sql, namespace: str, result_id: UUID) -> Result:
    row = await sql.one(texts.RESULT, namespace=namespace, id=result_id)
    if row is None:
        raise ResultNotFound(
            f"no result {result_id} in {namespace}: its run may have ended without one",
            result_id=str(result_id),
        )
    return _result(row)


def _columns(result: Result) -> dict[str, Any]:
    data = result.payload.data
    columns: dict[str, Any] = {"inline": None, "sha256": None, "size": None}
    if isinstance(data, ContentRef):
        columns |= {"sha256": data.sha256, "size": data.size}
    else:
        columns["inline"] = data
    return columns | {
        "namespace": result.namespace,
        "id": result.id,
        "flow_run_id": result.flow_run_id,
        "lease_id": result.lease.lease_id,
        "fence": result.lease.fence,
        "content_type": result.payload.content_type,
        "integer_pointers": list(result.payload.integer_pointers),
        "redacted_pointers": list(result.payload.redacted_pointers),
        "traceparent": result.traceparent,
        "create_time": result.create_time,
    }


def _result(row: dict[str, Any]) -> Result:
    inline, sha256, size = row.pop("inline"), row.pop("sha256"), row.pop("size")
    data = inline if sha256 is None else ContentRef(sha256=sha256, size=size)
    payload = Payload(
        content_type=row.pop("content_type"),
        data=data,
        integer_pointers=tuple(row.pop("integer_pointers")),
        redacted_pointers=tuple(row.pop("redacted_pointers")),
    )
    lease = LeaseRef(lease_id=row.pop("lease_id"), fence=row.pop("fence"))
    return Result(payload=payload, lease=lease, **row)
