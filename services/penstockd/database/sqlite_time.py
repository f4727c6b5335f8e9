"""The time of a store in SQLite: that of the machine, and never below what was kept."""

import sqlite3
from datetime import datetime

from penstockd.chassis.clock import MACHINE, Nanoseconds, moment
from penstockd.database.kept_time import KeptTime

_MAKE = (
    "CREATE TABLE IF NOT EXISTS penstock_clock "
    "(one INTEGER PRIMARY KEY CHECK (one = 1), time INTEGER NOT NULL)"
)
_MARK = "SELECT max(time) FROM penstock_clock"
_KEEP = (
    "INSERT INTO penstock_clock (one, time) VALUES (1, ?) "
    "ON CONFLICT (one) DO UPDATE SET time = max(time, excluded.time)"
)


class SqliteTime:
    """Made and kept while the file lock is held; told by any thread."""

    def __init__(self, connection: sqlite3.Connection, machine: Nanoseconds = MACHINE) -> None:
        self._connection = connection
        self._machine = machine
        connection.execute(_MAKE)
        self._kept = KeptTime(told=machine(), mark=self._mark())

    def __call__(self) -> datetime:
        return moment(self._kept.learn(told=self._machine()))

    def keep(self) -> None:
        """Keep the time within the transaction that is about to commit, once a second."""
        now = self._kept.learn(told=self._machine())
        if self._kept.mark_due(now):
            self._kept.learn(told=now, mark=self._mark())
            self._connection.execute(_KEEP, (now // 1000,))

    def _mark(self) -> int:
        (microseconds,) = self._connection.execute(_MARK).fetchone()
        return (microseconds or 0) * 1000
