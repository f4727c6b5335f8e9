"""One effect for one request_id, however often the request comes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from penstock.errors import RequestIdReused
from penstockd.database.ports import Sql
from penstockd.database.statements import Statement, Typed

RETENTION = timedelta(hours=24)

_KEY: Typed = (("namespace", "text"), ("method", "text"), ("request_id", "uuid"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One thing that a caller wants once."""

    namespace: str
    method: str
    request_id: UUID
    request_hash: bytes

    def confirm(self, known_hash: bytes) -> None:
        """Raises RequestIdReused unless the body that came before, by its hash, is this one."""
        if known_hash != self.request_hash:
            raise _reused(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rendered response, and whether it is that of an earlier call."""

    response: bytes
    replayed: bool


class RequestLog:
    def __init__(self, service: str) -> None:
        self._statements = _Statements.of(f"{service}_request_log")

    async def once(
        self, sql: Sql, intent: Intent, work: Callable[[], Awaitable[bytes]], *, now: datetime
    ) -> Answer:
        """Do the work unless its answer is known; effect and answer commit together.

        A second call at the same time waits for the first one, and gets its answer; if the
        first one rolls back, the second one works. Raises RequestIdReused.
        """
        key = _key(intent)
        reserved = await sql.run(
            self._statements.reserve, **key, request_hash=intent.request_hash, create_time=now
        )
        if reserved:
            response = await work()
            await sql.run(self._statements.remember, **key, response=response)
            return Answer(response=response, replayed=False)
        known = await self.answer_to(sql, intent)
        if known is None:
            raise _reused(intent)
        return Answer(response=known, replayed=True)

    async def answer_to(self, sql: Sql, intent: Intent) -> bytes | None:
        """Return the answer that is known. Raises RequestIdReused."""
        known = await sql.one(self._statements.recall, **_key(intent))
        if known is None:
            return None
        intent.confirm(known["request_hash"])
        response: bytes | None = known["response"]
        return response

    async def expire(self, sql: Sql, *, older_than: datetime, limit: int = 1000) -> int:
        """Forget some old requests; return how many."""
        return await sql.run(self._statements.forget, older_than=older_than, limit=limit)


def _key(intent: Intent) -> dict[str, Any]:
    return {
        "namespace": intent.namespace,
        "method": intent.method,
        "request_id": intent.request_id,
    }


def _reused(intent: Intent) -> RequestIdReused:
    return RequestIdReused(
        f"request_id {intent.request_id} was used before with another request: "
        "use a new one for each new request",
        request_id=str(intent.request_id),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statements:
    reserve: Statement
    remember: Statement
    recall: Statement
    forget: Statement

    @classmethod
    def of(cls, table: str) -> "_Statements":
        return cls(
            reserve=_both(
                f"{table}.reserve",
                f"INSERT INTO {table} (namespace, method, request_id, request_hash, "  # noqa: S608
                "create_time) VALUES (#1, #2, #3, #4, #5) "
                "ON CONFLICT (namespace, method, request_id) DO NOTHING",
                binds=(*_KEY, ("request_hash", "bytes"), ("create_time", "time")),
            ),
            remember=_both(
                f"{table}.remember",
                f"UPDATE {table} SET response = #4 "  # noqa: S608
                "WHERE namespace = #1 AND method = #2 AND request_id = #3",
                binds=(*_KEY, ("response", "bytes")),
            ),
            recall=_both(
                f"{table}.recall",
                f"SELECT request_hash, response FROM {table} "  # noqa: S608
                "WHERE namespace = #1 AND method = #2 AND request_id = #3",
                binds=_KEY,
                columns=(("request_hash", "bytes"), ("response", "bytes")),
            ),
            forget=_both(
                f"{table}.forget",
                f"DELETE FROM {table} WHERE (namespace, method, request_id) IN (SELECT "  # noqa: S608
                f"namespace, method, request_id FROM {table} WHERE create_time < #1 "
                "ORDER BY create_time LIMIT #2)",
                binds=(("older_than", "time"), ("limit", "int")),
            ),
        )


def _both(name: str, text: str, *, binds: Typed, columns: Typed = ()) -> Statement:
    return Statement(
        name=name,
        sqlite=text.replace("#", "?"),
        postgresql=text.replace("#", "$"),
        binds=binds,
        columns=columns,
    )
