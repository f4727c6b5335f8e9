"""The SQL implementation: transactions with a part for each resource."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from penstockd.database import Commits, Database, Sql
from penstockd.database.change_feed import Outbox, follow
from penstockd.database.request_log import RequestLog
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import FlowRunFilter
from penstockd.state.rules.view import View
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store import Answer, Intent, Transaction
from penstockd.state.store.changes import (
    changed_flow_runs,
    changed_sessions,
)
from penstockd.state.store.flow import SqlFlowStore
from penstockd.state.store.flow_run import SqlFlowRunStore
from penstockd.state.store.flow_run_graph import SqlFlowRunGraphStore
from penstockd.state.store.journal import SqlJournalStore
from penstockd.state.store.lease import SqlLeaseStore
from penstockd.state.store.log import SqlLogStore
from penstockd.state.store.task_run import SqlTaskRunStore
from penstockd.state.store.transition import SqlTransitionStore
from penstockd.state.store.worker_session import SqlWorkerSessionStore

T = TypeVar("T")
Feed = AsyncIterator[tuple[str, Sequence[T]]]
EXPIRED_AT_ONCE = 1000

_outbox = Outbox("state")
_requests = RequestLog("state")


class SqlTransaction:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self.flows = SqlFlowStore(sql)
        self.flow_runs = SqlFlowRunStore(sql, _outbox)
        self.transitions = SqlTransitionStore(sql)
        self.leases = SqlLeaseStore(sql)
        self.journal = SqlJournalStore(sql, _outbox)
        self.task_runs = SqlTaskRunStore(sql, _outbox)
        self.flow_run_graphs = SqlFlowRunGraphStore(sql)
        self.worker_sessions = SqlWorkerSessionStore(sql, _outbox)
        self.logs = SqlLogStore(sql)

    async def once(
        self, intent: Intent, work: Callable[[], Awaitable[bytes]], *, now: datetime
    ) -> Answer:
        return await _requests.once(self._sql, intent, work, now=now)

    async def cursor(self) -> str:
        return await _outbox.end(self._sql)

    async def expire(
        self, *, requests: datetime, changes: datetime, sessions: datetime
    ) -> bool:
        limit = EXPIRED_AT_ONCE
        forgotten = await _requests.expire(self._sql, older_than=requests, limit=limit)
        completed = await self.leases.forget(older_than=requests, limit=limit)
        told = await _outbox.expire(self._sql, older_than=changes, limit=limit)
        ended = await self.worker_sessions.forget(older_than=sessions, limit=limit)
        return max(forgotten, completed, told, ended) >= limit


class SqlStore:
    def __init__(self, database: Database, *, progress: timedelta) -> None:
        self._database = database
        self._progress = progress

    @property
    def commits(self) -> Commits:
        return self._database.commits

    async def write(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        return await self._database.write(lambda sql: work(SqlTransaction(sql)))

    async def read(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        return await self._database.read(lambda sql: work(SqlTransaction(sql)))

    def follow(
        self,
        read: Callable[[Transaction, str], Coroutine[Any, Any, tuple[str, Sequence[T] | None]]],
        cursor: str,
    ) -> Feed[T]:
        return self._follow(cursor, lambda sql, after: read(SqlTransaction(sql), after))

    def watch_flow_runs(
        self, namespace: str, cursor: str, wanted: FlowRunFilter, *, view: View
    ) -> Feed[FlowRun]:
        return self._follow(
            cursor, lambda sql, at: changed_flow_runs(sql, _outbox, namespace, at, wanted, view)
        )

    def watch_worker_sessions(self, namespace: str, cursor: str) -> Feed[WorkerSession]:
        return self._follow(
            cursor, lambda sql, at: changed_sessions(sql, _outbox, namespace, at)
        )

    def _follow(
        self,
        cursor: str,
        changed: Callable[[Sql, str], Coroutine[Any, Any, tuple[str, Sequence[T] | None]]],
    ) -> Feed[T]:
        async def read(after: str) -> tuple[str, Sequence[T] | None]:
            return await self._database.read(lambda sql: changed(sql, after))

        return follow(read, cursor, commits=self.commits, progress=self._progress)
