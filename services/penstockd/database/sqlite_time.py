"""The time of a store in SQLite: that of the machine, and never below what was kept."""

import sqlite3
from datetime import datetime

from penstockd.chassis.clock import MACHINE, Nanoseconds, moment
from penstockd.database.kept_time import KeptTime

_MAKE = (
    "CREATE TABLE IF NOT EXISTS penstock_clock "
    "(one INTEGER PRIMARY KEY CHECK (one = 1), time INTEGER NOT NULL)"
)
_IS_MADE = "SELECT 1 FROM sqlite_schema WHERE name = 'penstock_clock'"
_MARK = "SELECT max(time) FROM penstock_clock"
_KEEP = (
    "INSERT INTO penstock_clock (one, time) VALUES (1, ?) "
    "ON CONFLICT (one) DO UPDATE SET time = max(time, excluded.time)"
)


class SqliteTime:
    """Begun with what is kept in the store, before anybody asks it; told by any thread."""

    def __init__(self, machine: Nanoseconds = MACHINE) -> None:
        self._machine = machine
        self._kept: KeptTime | None = None

    def __call__(self) -> datetime:
        return moment(self._of_store.learn(told=self._machine()))

    def begin(self, connection: sqlite3.Connection) -> None:
        """Go on from what was kept; any connection may read it."""
        is_made = connection.execute(_IS_MADE).fetchone() is not None
        mark = _mark(connection) if is_made else 0
        self._kept = KeptTime(told=self._machine(), mark=mark)

    def keep(self, connection: sqlite3.Connection) -> None:
        """Keep the time within the transaction that is about to commit, once a second."""
        now = self._of_store.learn(told=self._machine())
        if self._of_store.mark_due(now):
            connection.execute(_MAKE)
            self._of_store.learn(told=now, mark=_mark(connection))
            connection.execute(_KEEP, (now // 1000,))

    @property
    def _of_store(self) -> KeptTime:
        assert self._kept is not None, "it is begun"  # noqa: S101
        return self._kept


def _mark(connection: sqlite3.Connection) -> int:
    (microseconds,) = connection.execute(_MARK).fetchone()
    return (microseconds or 0) * 1000
