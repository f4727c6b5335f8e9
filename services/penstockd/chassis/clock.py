"""The time by which a service decides, and the only place where the machine's clock is read."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

Clock = Callable[[], datetime]
# A clock as a number that grows: since 1970 what people set, since whenever what they cannot.
Nanoseconds = Callable[[], int]

MACHINE: Nanoseconds = time.time_ns
STEADY: Nanoseconds = time.monotonic_ns
# While it is ahead of what it follows it loses so much of each second: 5 ms.
_SLOWER = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DecidingClock:
    """Never goes back and never stands still, however the clock that it follows is set.

    A clock that nobody can set carries it on. What it learns moves it forward at once; from a
    clock that is behind it learns to go a little slower until they agree again, so that a
    term of 15 seconds takes 75 ms more at most.
    """

    def __init__(self, start: int, steady: Nanoseconds = STEADY) -> None:
        self._steady = steady
        self._seen = steady()
        self._now = start
        self._ahead = 0
        self._lock = Lock()

    def __call__(self) -> datetime:
        with self._lock:
            self._go_on()
            return moment(self._now)

    def learn(self, told: int) -> int:
        """Hear what another clock shows now; return the time. Both in nanoseconds."""
        with self._lock:
            self._go_on()
            if told >= self._now:
                self._now, self._ahead = told, 0
            else:
                self._ahead = self._now - told
            return self._now

    def _go_on(self) -> None:
        seen = self._steady()
        passed, self._seen = seen - self._seen, seen
        if self._ahead:
            lost = min(self._ahead, passed // _SLOWER)
            self._ahead -= lost
            passed -= lost
        self._now += passed


def system_clock() -> Clock:
    """Return a clock of this process that follows the machine's."""
    clock = DecidingClock(MACHINE())
    return lambda: moment(clock.learn(MACHINE()))


def moment(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)


def nanoseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 1000
