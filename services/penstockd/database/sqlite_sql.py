"""A SQLite connection in a transaction. Its coroutines answer at once: see `run_to_end`."""

import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from penstockd.database.failures import from_sqlite
from penstockd.database.ports import Row
from penstockd.database.statements import Statement

if TYPE_CHECKING:
    import sqlalchemy as sa

T = TypeVar("T")
_CACHED_STATEMENTS = 512
_BUSY_SECONDS = 5.0


class SqliteSql:
    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.failure: Exception | None = None
        """The first error. As on PostgreSQL, nothing runs after it but the roll-back."""

    async def one(self, statement: Statement, /, **binds: Any) -> Row | None:
        rows = self._execute(statement.sqlite, statement.sqlite_values(binds)).fetchall()
        return statement.sqlite_row(rows[0]) if rows else None

    async def all(self, statement: Statement, /, **binds: Any) -> list[Row]:
        rows = self._execute(statement.sqlite, statement.sqlite_values(binds)).fetchall()
        return list(map(statement.sqlite_row, rows))

    async def run(self, statement: Statement, /, **binds: Any) -> int:
        return max(0, self._execute(statement.sqlite, statement.sqlite_values(binds)).rowcount)

    async def run_many(
        self, statement: Statement, rows: Sequence[Mapping[str, Any]], /
    ) -> None:
        values = map(statement.sqlite_values, rows)
        self._guarded(self._connection.executemany, statement.sqlite, values)

    async def select(self, build: "Callable[[], sa.Select[Any]]", /) -> list[Row]:
        from penstockd.database.compiling import compile_select

        text, values, to_row = compile_select(build, "sqlite")
        return list(map(to_row, self._execute(text, values).fetchall()))

    async def script(self, statements: Sequence[str], /) -> None:
        for text in statements:
            self._execute(text, ())

    def _execute(self, text: str, values: Sequence[Any]) -> sqlite3.Cursor:
        return self._guarded(self._connection.execute, text, values)

    def _guarded(
        self,
        run: Callable[[str, Any], sqlite3.Cursor],
        text: str,
        values: Iterable[Any],
    ) -> sqlite3.Cursor:
        if self.failure is not None:
            raise self.failure
        try:
            return run(text, values)
        except sqlite3.Error as error:
            self.failure = from_sqlite(error)
            if self.failure is error:
                raise
            raise self.failure from error


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Drive a coroutine without a loop: what it awaits here never suspends."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise RuntimeError("a transaction awaited something other than its database")


def connect(path: Path, *, writer: bool) -> sqlite3.Connection:
    """Open the store; the first writer of a new one is to hold the file lock."""
    connection = sqlite3.connect(
        path,
        timeout=_BUSY_SECONDS,
        isolation_level=None,  # else sqlite3 begins by itself, and too late
        check_same_thread=False,
        cached_statements=_CACHED_STATEMENTS,
    )
    try:
        if writer:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        else:
            connection.execute("PRAGMA query_only = ON")
        # Only the writer checkpoints, under the file lock: SQLite before 3.51.3 can damage
        # a store when two connections write and checkpoint at once.
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA mmap_size = 0")
    except sqlite3.Error as error:
        connection.close()
        raise from_sqlite(error) from error
    return connection
