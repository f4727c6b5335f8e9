"""Whose time decides: that of PostgreSQL, or on SQLite that of the process."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from penstockd.chassis.clock import Clock, SteadyClock
from penstockd.database.ports import Database

LOOK_AGAIN_SECONDS = 1.0
# An answer that took longer says too little; a later one will do.
SLOWEST_SECONDS = 0.5


class DatabaseTime:
    """What the server's clock says, carried on by a clock that nobody can set."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._told: datetime | None = None
        self._told_at = 0.0

    def __call__(self) -> datetime:
        if self._told is None:
            raise RuntimeError("the database was not asked for its time yet")
        since = self._monotonic() - self._told_at
        return (self._told + timedelta(seconds=since)).astimezone(UTC)

    @property
    def old(self) -> bool:
        return self._told is None or self._monotonic() - self._told_at >= LOOK_AGAIN_SECONDS

    def asking(self) -> float:
        return self._monotonic()

    def learn(self, told: datetime, *, asked_at: float) -> None:
        """Take it for the moment in the middle between question and answer."""
        took = self._monotonic() - asked_at
        if self._told is None or took <= SLOWEST_SECONDS:
            self._told, self._told_at = told, asked_at + took / 2


def authority(database: Database, own: Clock) -> Clock:
    """Return the clock by which a service decides, the same for all that share a database."""
    return own if database.time is None else SteadyClock(database.time)
