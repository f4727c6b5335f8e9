"""Group commit: one writer drains a queue, and commits each batch in one transaction."""

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from penstock.errors import PenstockError, StorageUnavailable
from penstockd.database.checkpoints import Checkpoints
from penstockd.database.executors import OnLoop
from penstockd.database.failures import from_sqlite
from penstockd.database.file_lock import FileLock
from penstockd.database.held_connection import HeldConnection
from penstockd.database.ports import UnitOfWork
from penstockd.database.sqlite_sql import SqliteSql, run_to_end
from penstockd.database.sqlite_time import SqliteTime
from penstockd.database.store_file import StoreFile

# So many share one transaction at most: other programs wait for the file lock meanwhile.
LARGEST_GROUP = 500
# Other programs commit in less, unless they are stopped.
BRIEF_SECONDS = 0.1
# What a store that closes waits for the lock.
CLOSING_SECONDS = 1.0


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

    file: StoreFile
    lock: FileLock
    time: SqliteTime


Deliver: TypeAlias = Callable[[Sequence[Pending], bool], None]


class GroupWriter:
    """Works of one group see one another's writes, and commit together.

    `deliver` gets each group when it is over, and whether something has changed. Works that
    change nothing wake nobody: else two who look for work would wake each other for ever.
    """

    def __init__(self, store: Writable, *, executor: Executor, deliver: Deliver) -> None:
        file, lock = self._file, self._lock = store.file, store.lock
        self._time = store.time
        self._executor = executor
        self._deliver = deliver
        self._connection = HeldConnection(
            partial(file.connect, writer=True), intact=lambda: lock.intact
        )
        self._checkpoints = Checkpoints()
        self._queue: deque[Pending] = deque()
        self._guard = threading.Lock()
        self._draining = False
        self._closed_at: float | None = None
        # It waits for the lock where the executor must not.
        self._waiting: threading.Thread | None = None

    def open(self) -> None:
        """Make the store, with the lock held; a later write opens it by itself."""
        with self._connection:
            pass

    def enqueue(self, pending: Pending) -> None:
        with self._guard:
            if self._closed_at is not None:
                raise StorageUnavailable("the store is closed")
            self._queue.append(pending)
            if self._draining:
                return
            self._draining = True
        self._executor.submit(self._drain)

    def refuse(self) -> None:
        """Refuse new units of work; those that are enqueued still run."""
        with self._guard:
            self._closed_at = time.monotonic()

    def close(self) -> None:
        """Close the connection; on the writer's thread, after what was enqueued."""
        if self._waiting is not None:
            self._waiting.join()
        # The last one to close a store checkpoints it: SQLite lets nobody else in meanwhile.
        self._connection.close()

    def _drain(self) -> None:
        # Where the loop itself writes, reads and deadlines must not stand still for the lock.
        self._drain_by(self._briefly if isinstance(self._executor, OnLoop) else self._patiently)

    def _drain_by(self, take: Callable[[Sequence[Pending]], bool]) -> None:
        while group := self._next_group():
            changed = False
            try:
                if not take(group):
                    self._go_on_elsewhere(group)
                    return
            except (PenstockError, OSError) as error:
                # Who came meanwhile has waited for the same lock, and still listens.
                group += self._first_of_queue()
                _fail(group, error)
            else:
                changed = self._committed(group)
            self._deliver(group, changed)

    def _briefly(self, _group: Sequence[Pending]) -> bool:
        return self._lock.try_for(BRIEF_SECONDS)

    def _patiently(self, group: Sequence[Pending]) -> bool:
        self._lock.take(unless=lambda: self._is_needless(group))
        return True

    def _is_needless(self, group: Sequence[Pending]) -> bool:
        """Whether the store is being closed, and there is no time or no need to wait."""
        if self._closed_at is None:
            return False
        late = time.monotonic() - self._closed_at > CLOSING_SECONDS
        return late or all(pending.future.cancelled() for pending in group)

    def _go_on_elsewhere(self, group: list[Pending]) -> None:
        with self._guard:
            self._queue.extendleft(reversed(group))
        self._waiting = threading.Thread(
            target=self._drain_by, args=(self._patiently,), name="penstock-writer", daemon=True
        )
        self._waiting.start()

    def _next_group(self) -> list[Pending]:
        with self._guard:
            group = self._first_of_queue()
            self._draining = bool(group)
        return group

    def _first_of_queue(self) -> list[Pending]:
        queue = self._queue
        return [queue.popleft() for _ in range(min(len(queue), LARGEST_GROUP))]

    def _committed(self, group: list[Pending]) -> bool:
        """Commit, or give each its error; say whether anything has changed."""
        try:
            self._commit(group)
        except (sqlite3.Error, PenstockError, OSError) as error:
            _fail(group, error)
            return False
        return any(pending.changed for pending in group)

    def _commit(self, group: list[Pending]) -> None:
        """With the lock held, which is let go of."""
        try:
            with self._connection as connection:
                _transact(connection, group, self._time)
                self._file.check()
                self._checkpoints.after_commit(connection)
        finally:
            self._lock.release()


def _transact(connection: sqlite3.Connection, group: list[Pending], time: SqliteTime) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for pending in group:
            # Cancelled callers are skipped; what has begun is committed.
            if not pending.future.cancelled():
                _attempt(connection, pending, alone=len(group) == 1)
        if connection.in_transaction:
            if any(pending.changed for pending in group):
                time.keep(connection)
            connection.execute("COMMIT")
    except (sqlite3.Error, PenstockError):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _attempt(connection: sqlite3.Connection, pending: Pending, *, alone: bool) -> None:
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


def _fail(group: Sequence[Pending], error: Exception) -> None:
    told = _told(error)
    if told is not error:
        told.__cause__ = error
    for pending in group:
        pending.error = pending.error or told


def _told(error: Exception) -> Exception:
    if isinstance(error, sqlite3.Error):
        return from_sqlite(error)
    if isinstance(error, OSError):
        return StorageUnavailable("the store cannot be locked")
    return error
