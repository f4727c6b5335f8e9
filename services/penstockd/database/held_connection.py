"""A connection to SQLite that is opened when it is needed, and closed before a fork."""

import sqlite3
from collections.abc import Callable
from types import TracebackType

from penstockd.database.forks import forks


class HeldConnection:
    """Entered by one thread at a time, which has the connection while it is inside.

    `intact` says whether the process still has the files that it opened: a number that user
    code has closed may be that of another file by now, which is not ours to close.
    """

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], *, intact: Callable[[], bool]
    ) -> None:
        self._connect = connect
        self._intact = intact
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> sqlite3.Connection:
        forks.enter()
        if self._connection is None:
            try:
                self._connection = self._connect()
            except BaseException:
                forks.leave()
                raise
            forks.add(self)
        return self._connection

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        forks.leave()

    def close(self) -> None:
        """Close the connection, if there is one; the next to enter opens another."""
        with forks.none():
            self.let_go()

    def let_go(self) -> None:
        """As `close`, for who sees to it that nobody forks."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._intact():
            connection.close()
        else:
            forks.keep(connection)
