"""Group commit: one writer drains a queue, and commits each batch in one transaction."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeAlias

from penstock.errors import PenstockError, StorageUnavailable
from penstockd.database.checkpoints import Checkpoints
from penstockd.database.failures import from_sqlite
from penstockd.database.file_lock import FileLock
from penstockd.database.ports import UnitOfWork
from penstockd.database.sqlite_sql import SqliteSql, run_to_end
from penstockd.database.sqlite_time import SqliteTime

# So many share one transaction at most: other programs wait for the file lock meanwhile.
LARGEST_GROUP = 500


@dataclass(slots=True, kw_only=True, eq=False)
class Pending:
    """One unit of work, and who waits for it."""

    work: UnitOfWork[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None
    changed: bool = False

    def resolve(self) -> None:
        """Resolve the future unless it was cancelled; on the thread of its loop."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writable:
    """The store as its one writer in this process has it."""

    connection: sqlite3.Connection
    lock: FileLock
    time: SqliteTime


Deliver: TypeAlias = Callable[[Sequence[Pending], bool], None]


class GroupWriter:
    """Works of one group see one another's writes, and commit together.

    `deliver` gets each group when it is over, and whether something has changed. Works that
    change nothing wake nobody: else two who look for work would wake each other for ever.
    """

    def __init__(self, store: Writable, *, executor: Executor, deliver: Deliver) -> None:
        connection = self._connection = store.connection
        self._lock = store.lock
        self._time = store.time
        self._executor = executor
        self._deliver = deliver
        self._checkpoints = Checkpoints(connection)
        self._queue: deque[Pending] = deque()
        self._guard = Lock()
        self._draining = False
        self._closed = False

    def enqueue(self, pending: Pending) -> None:
        with self._guard:
            if self._closed:
                raise StorageUnavailable("the store is closed")
            self._queue.append(pending)
            if self._draining:
                return
            self._draining = True
        self._executor.submit(self._drain)

    def refuse(self) -> None:
        """Refuse new units of work; those that are enqueued still run."""
        with self._guard:
            self._closed = True

    def close(self) -> None:
        """Close the connection; on the writer's thread, after what was enqueued."""
        # The last one to close a store checkpoints it.
        with self._lock:
            self._connection.close()

    def _drain(self) -> None:
        while group := self._take():
            self._deliver(group, self._commit(group))

    def _take(self) -> list[Pending]:
        with self._guard:
            queue = self._queue
            group = [queue.popleft() for _ in range(min(len(queue), LARGEST_GROUP))]
            self._draining = bool(group)
        return group

    def _commit(self, group: list[Pending]) -> bool:
        try:
            with self._lock:
                self._transact(group)
                self._checkpoints.after_commit()
        except (sqlite3.Error, PenstockError, OSError) as error:
            told = _told(error)
            if told is not error:
                told.__cause__ = error
            for pending in group:
                pending.error = pending.error or told
            return False
        return any(pending.changed for pending in group)

    def _transact(self, group: list[Pending]) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            for pending in group:
                # Cancelled callers are skipped; what has begun is committed.
                if not pending.future.cancelled():
                    self._attempt(pending, alone=len(group) == 1)
            if connection.in_transaction:
                if any(pending.changed for pending in group):
                    self._time.keep()
                connection.execute("COMMIT")
        except (sqlite3.Error, PenstockError):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _attempt(self, pending: Pending, *, alone: bool) -> None:
        connection = self._connection
        if not alone:
            connection.execute("SAVEPOINT work")
        sql = SqliteSql(connection)
        changes = connection.total_changes
        try:
            pending.result = run_to_end(pending.work(sql))
            if sql.failure is not None:
                raise sql.failure  # noqa: TRY301
        except BaseException as error:
            pending.error = error
            if not connection.in_transaction:
                # SQLite has rolled everything back by itself: full disk, failed read.
                if isinstance(error, PenstockError):
                    raise
                raise StorageUnavailable("the store gave up: call again") from error
            connection.execute("ROLLBACK" if alone else "ROLLBACK TO work")
        else:
            pending.changed = connection.total_changes != changes
        if not alone:
            connection.execute("RELEASE work")


def _told(error: Exception) -> Exception:
    if isinstance(error, sqlite3.Error):
        return from_sqlite(error)
    if isinstance(error, OSError):
        return StorageUnavailable("the lock on the store fails")
    return error
