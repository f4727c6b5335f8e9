"""The SQL implementation: transactions with a part for each resource."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Hashable, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from penstockd.database import Commits, Database, Sql
from penstockd.database.change_feed import Change, Interest, Outbox, follow
from penstockd.database.feed_hub import FeedHub
from penstockd.database.request_log import RequestLog
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import FlowRunFilter
from penstockd.state.rules.view import View
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store import Answer, Intent, Transaction, worker_session
from penstockd.state.store.changes import (
    changed_flow_runs,
    changed_sessions,
    interest_in_flow_runs,
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
Feed = AsyncGenerator[tuple[str, Sequence[T]], None]
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
        self.logs = SqlLogStore(sql, _outbox)

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
        # Of the loops on which somebody watches.
        self._hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, FeedHub] = WeakKeyDictionary()

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
        *,
        namespace: str,
        flow_run_id: UUID,
    ) -> Feed[T]:
        of = Interest(namespace=namespace, scope_id=flow_run_id)
        return self._follow(cursor, of, lambda sql, at: read(SqlTransaction(sql), at), read)

    def watch_flow_runs(
        self, namespace: str, cursor: str, wanted: FlowRunFilter, *, view: View
    ) -> Feed[FlowRun]:
        of = interest_in_flow_runs(namespace, wanted)
        return self._follow(
            cursor,
            of,
            lambda sql, at: changed_flow_runs(sql, _outbox, of, at, wanted, view),
            # Its labels keep a filter from being a key.
            repr(wanted),
            view,
        )

    def watch_worker_sessions(self, namespace: str, cursor: str) -> Feed[WorkerSession]:
        of = Interest(namespace=namespace, kinds=(worker_session.KIND,))
        return self._follow(cursor, of, lambda sql, at: changed_sessions(sql, _outbox, of, at))

    async def _follow(
        self,
        cursor: str,
        of: Interest,
        changed: Callable[[Sql, str], Coroutine[Any, Any, tuple[str, Sequence[T] | None]]],
        *more: Hashable,
    ) -> Feed[T]:
        """`more` tells a reading from others that are of the same interest."""
        hub = self._hub()
        with hub.subscribed(of) as subscription:
            await hub.reading()

            async def read(after: str) -> tuple[str, Sequence[T] | None]:
                async def once() -> tuple[str, Sequence[T] | None]:
                    return await self._database.read(lambda sql: changed(sql, after))

                return await subscription.shared((of, after, *more), once)

            batches = follow(read, cursor, commits=subscription, progress=self._progress)
            async with aclosing(batches):
                async for batch in batches:
                    yield batch

    def _hub(self) -> FeedHub:
        loop = asyncio.get_running_loop()
        if loop not in self._hubs:
            self._hubs[loop] = FeedHub(self._changes, self.commits)
        return self._hubs[loop]

    async def _changes(self, cursor: str) -> tuple[str, Sequence[Change]]:
        return await self._database.read(lambda sql: _outbox.after(sql, cursor, Interest()))
