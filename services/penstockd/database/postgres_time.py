"""The time of a PostgreSQL server, and never below what was kept in it."""

from datetime import datetime

from penstockd.chassis.clock import STEADY, nanoseconds
from penstockd.database.kept_time import KeptTime
from penstockd.database.migrations import ONE_AT_A_TIME
from penstockd.database.postgres_sql import PostgresSql

_ASKED_EVERY = 1_000_000_000
# One script is one transaction.
_MAKE = (
    *ONE_AT_A_TIME,
    "CREATE SCHEMA IF NOT EXISTS penstock",
    "CREATE TABLE IF NOT EXISTS penstock.clock "
    "(one int PRIMARY KEY CHECK (one = 1), time timestamptz NOT NULL)",
    "INSERT INTO penstock.clock VALUES (1, to_timestamp(0)) ON CONFLICT DO NOTHING",
)
_IS_MADE = "SELECT to_regclass('penstock.clock') IS NOT NULL"
_ASK = "SELECT clock_timestamp(), time FROM penstock.clock"
# Nobody waits for the row: whoever has it locked is about to keep a mark as good as this one.
_KEEP = (
    "UPDATE penstock.clock SET time = $1 WHERE one = "
    "(SELECT one FROM penstock.clock WHERE time < $1 FOR UPDATE SKIP LOCKED)"
)


class PostgresTime:
    """The server is asked once a second, by whoever opens a transaction then.

    What it answers is past when it arrives: the time of a process is behind the server's by
    no more than such a question takes, and never ahead, unless the server's was set back.
    """

    def __init__(self) -> None:
        self._kept: KeptTime | None = None
        self._asked = 0

    def __call__(self) -> datetime:
        if self._kept is None:
            raise RuntimeError("the database was not asked for its time yet")
        return self._kept()

    async def begin(self, sql: PostgresSql) -> None:
        """Make a place for the mark, unless there is one. Outside of a transaction."""
        (is_made,) = await sql.row(_IS_MADE)
        if not is_made:
            await sql.script(_MAKE)

    async def ask(self, sql: PostgresSql) -> None:
        """Ask for the time, if the last answer is old."""
        now = STEADY()
        if self._kept is not None and now - self._asked < _ASKED_EVERY:
            return
        told, mark = map(nanoseconds, await sql.row(_ASK))
        self._asked = now
        if self._kept is None:
            self._kept = KeptTime(told=told, mark=mark)
        self._kept.learn(told=told, mark=mark)

    async def keep(self, sql: PostgresSql) -> None:
        """Keep the time, as the last statement of a transaction that writes, once a second."""
        assert self._kept is not None  # noqa: S101 - asked when the transaction began
        now = self._kept()
        if self._kept.mark_due(nanoseconds(now)):
            await sql.row(_KEEP, now)
