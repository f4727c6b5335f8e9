"""The SQL implementation: transactions with a part for each resource."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from penstockd.database import Database, Sql
from penstockd.database.change_feed import Outbox
from penstockd.database.request_log import Answer, Intent, RequestLog
from penstockd.scheduler.store import Transaction
from penstockd.scheduler.store.deployment import SqlDeploymentStore
from penstockd.scheduler.store.statement_texts import cursor as texts
from penstockd.scheduler.store.work_pool import SqlWorkPoolStore
from penstockd.scheduler.store.worker import SqlWorkerStore

T = TypeVar("T")
SERVICE = "scheduler"


class SqlStore:
    def __init__(self, database: Database, *, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._outbox = Outbox(SERVICE)
        self._request_log = RequestLog(SERVICE)

    async def write(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        return await self._database.write(lambda sql: work(self._transaction(sql)))

    async def read(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        return await self._database.read(lambda sql: work(self._transaction(sql)))

    async def forget(self, *, older_than: datetime) -> int:
        async def work(sql: Sql) -> int:
            answers = await self._request_log.expire(sql, older_than=older_than)
            return answers + await self._outbox.expire(sql, older_than=older_than)

        return await self._database.write(work)

    def _transaction(self, sql: Sql) -> "SqlTransaction":
        return SqlTransaction(sql, self._outbox, self._request_log, now=self._clock())


class SqlTransaction:
    def __init__(
        self, sql: Sql, outbox: Outbox, request_log: RequestLog, *, now: datetime
    ) -> None:
        self._sql = sql
        self._outbox = outbox
        self._request_log = request_log
        self._now = now

    @cached_property
    def deployments(self) -> SqlDeploymentStore:
        return SqlDeploymentStore(self._sql, self._outbox)

    @cached_property
    def work_pools(self) -> SqlWorkPoolStore:
        return SqlWorkPoolStore(self._sql, self._outbox, now=self._now)

    @cached_property
    def workers(self) -> SqlWorkerStore:
        return SqlWorkerStore(self._sql)

    async def once(self, intent: Intent, work: Callable[[], Awaitable[bytes]]) -> Answer:
        return await self._request_log.once(self._sql, intent, work, now=self._now)

    async def answer_to(self, intent: Intent) -> Answer | None:
        known = await self._request_log.answer_to(self._sql, intent)
        return None if known is None else Answer(response=known, replayed=True)

    async def cursor(self, namespace: str, feed: str) -> str:
        row = await self._sql.one(texts.CURSOR, namespace=namespace, feed=feed)
        return "" if row is None else str(row["cursor"])

    async def save_cursor(self, namespace: str, feed: str, cursor: str) -> None:
        await self._sql.run(texts.SAVE_CURSOR, namespace=namespace, feed=feed, cursor=cursor)
