"""A monotonic wall clock for this process."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

Clock = Callable[[], datetime]


class SteadyClock:
    """Stands still while its source is behind the last time it returned."""

    def __init__(self, source: Clock) -> None:
        self._source = source
        self._latest = source()
        self._lock = Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self._latest = max(self._latest, self._source())
            return self._latest


def system_clock() -> Clock:
    """Return the one clock of a process: aware UTC times."""
    return SteadyClock(lambda: datetime.now(UTC))
