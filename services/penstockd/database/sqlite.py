"""SQLite: one writer thread, a few readers, and other programs beside this one."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from penstock.errors import StorageUnavailable
from penstockd.chassis.clock import MACHINE, Nanoseconds
from penstockd.database.commits import Wakeups
from penstockd.database.executors import Inline, OnLoop, Threads
from penstockd.database.failures import from_sqlite
from penstockd.database.file_lock import FileLock, lock_of
from penstockd.database.file_systems import refuse_network_file_system
from penstockd.database.held_connection import HeldConnection
from penstockd.database.ports import UnitOfWork
from penstockd.database.private_files import private_file, private_parent
from penstockd.database.sqlite_sql import SqliteSql, run_to_end
from penstockd.database.sqlite_time import SqliteTime
from penstockd.database.sqlite_writer import GroupWriter, Pending, Writable
from penstockd.database.store_file import StoreFile
from penstockd.database.urls import sqlite_url

T = TypeVar("T")
READERS = 3
LOOK_ELSEWHERE = timedelta(milliseconds=150)


class SqliteDatabase:
    """A store in one file.

    `writer` runs the transactions: a thread of its own by default. With `OnLoop` or `Inline`
    the event loop waits for the disk, and reads are in line too: 0.1 to 0.4 ms less for
    each, for programs with few callers. `shared` says that other programs may write too;
    `machine` is the clock that the store's time follows.
    """

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(
        self,
        path: Path,
        *,
        writer: Executor | None = None,
        shared: bool = True,
        machine: Nanoseconds = MACHINE,
    ) -> None:
        private_parent(path)
        refuse_network_file_system(path.parent)
        self._store = StoreFile(path)
        self._own = [] if writer else [Threads(1, "penstock-writer")]
        self._executor = writer or self._own[0]
        self._lock = FileLock(lock_of(path))
        self.time = SqliteTime(machine)
        store = Writable(file=self._store, lock=self._lock, time=self.time)
        self._writer = GroupWriter(store, executor=self._executor, deliver=self._deliver)
        self._readers = Readers(
            self._store, self._lock, inline=isinstance(writer, Inline | OnLoop)
        )
        try:
            self._begin(path)
        except BaseException:
            self._lock.close()
            raise
        self.commits = Wakeups(
            self._readers.changed if shared else None, interval=LOOK_ELSEWHERE
        )

    @property
    def url(self) -> str:
        return sqlite_url(self._store.path)

    def _begin(self, path: Path) -> None:
        """Only who makes the store waits for who writes to it."""
        new = self._store.is_new
        # Before SQLite makes it: the files beside it get the mode of this one.
        private_file(path)
        if new:
            with self._lock:
                self._writer.open()
        self._readers.open(self.time)

    async def write(self, work: UnitOfWork[T], /) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._writer.enqueue(Pending(work=work, loop=loop, future=future))
        return await future

    async def read(self, work: UnitOfWork[T], /) -> T:
        return await self._readers.read(work)

    async def close(self) -> None:
        await self.commits.close()
        self._writer.refuse()
        await self._readers.close()
        await asyncio.wrap_future(self._executor.submit(self._writer.close))
        self._lock.close()
        for executor in self._own:
            executor.shutdown()

    def _deliver(self, group: Sequence[Pending], committed: bool) -> None:
        """Answer each loop in one call: waking one costs more than a small transaction."""
        by_loop: dict[asyncio.AbstractEventLoop, list[Pending]] = {
            loop: [] for loop in (self.commits.loops() if committed else ())
        }
        for pending in group:
            by_loop.setdefault(pending.loop, []).append(pending)
        here = _running_loop()
        for loop, answered in by_loop.items():
            if loop is here:
                self._resolve(loop, answered, committed)
                continue
            try:
                loop.call_soon_threadsafe(self._resolve, loop, answered, committed)
            except RuntimeError:  # the loop is closed, and nobody waits
                self.commits.forget(loop)

    def _resolve(
        self, loop: asyncio.AbstractEventLoop, answered: list[Pending], committed: bool
    ) -> None:
        for pending in answered:
            pending.resolve()
        if committed:
            self.commits.wake(loop)


class Readers:
    """A few connections that may only read, each used by one thread at a time."""

    def __init__(self, store: StoreFile, lock: FileLock, *, inline: bool) -> None:
        self._store = store
        self._lock = lock
        self._threads = None if inline else Threads(READERS, "penstock-reader")
        self._idle: list[HeldConnection] = []
        self._version: object = None
        self._watcher = self._another()
        self._closed = False

    def open(self, time: SqliteTime) -> None:
        """Begin its time: what is no store is told before anything is asked of it."""
        first = self._another()
        with first as connection:
            try:
                time.begin(connection)
            except sqlite3.Error as error:
                raise from_sqlite(error) from error
        self._idle.append(first)

    async def read(self, work: UnitOfWork[T]) -> T:
        return await self._run(partial(self._read, work))

    async def changed(self) -> bool:
        return await self._run(self._changed)

    async def close(self) -> None:
        self._closed = True
        if self._threads is not None:
            self._threads.shutdown()
        while self._idle:
            self._idle.pop().close()
        self._watcher.close()

    async def _run(self, call: Callable[[], T]) -> T:
        if self._closed:
            raise StorageUnavailable("the store is closed")
        if self._threads is None:
            return call()
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def _another(self) -> HeldConnection:
        lock = self._lock
        return HeldConnection(
            partial(self._store.connect, writer=False), intact=lambda: lock.intact
        )

    def _read(self, work: UnitOfWork[T]) -> T:
        # SQLite would read from whatever has the number by now, and wait for it for ever.
        self._lock.must_be_intact()
        held = self._idle.pop() if self._idle else self._another()
        try:
            with held as connection:
                return _read_by(connection, work)
        finally:
            self._idle.append(held)

    def _changed(self) -> bool:
        self._lock.must_be_intact()
        try:
            with self._watcher as connection:
                version = connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            raise from_sqlite(error) from error
        before, self._version = self._version, version
        return bool(before != version)


def _read_by(connection: sqlite3.Connection, work: UnitOfWork[T]) -> T:
    sql = SqliteSql(connection)
    try:
        connection.execute("BEGIN")
        result = run_to_end(work(sql))
    finally:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
    if sql.failure is not None:
        raise sql.failure
    return result


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
