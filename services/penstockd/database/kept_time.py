"""A deciding clock whose time outlasts its process: a mark of it is kept in the store."""

import logging
from datetime import datetime, timedelta

from penstockd.chassis.clock import STEADY, DecidingClock, Nanoseconds

logger = logging.getLogger(__name__)

# No committed time lies further beyond the mark: a second.
KEPT_EVERY = 1_000_000_000
_TOLD_FROM = timedelta(minutes=1)


class KeptTime:
    """The time of a store: that of a source, but never below a mark that is kept in it.

    `told` is what the source shows. Every process on the store keeps the mark and hears it.
    """

    def __init__(self, *, told: int, mark: int, steady: Nanoseconds = STEADY) -> None:
        self._clock = DecidingClock(max(told, mark), steady)
        self._kept = 0
        ahead = timedelta(microseconds=(mark - told) // 1000)
        if ahead >= _TOLD_FROM:
            logger.warning("clock.ahead", extra={"ahead": str(ahead)})

    def __call__(self) -> datetime:
        return self._clock()

    def learn(self, *, told: int, mark: int = 0) -> int:
        return self._clock.learn(max(told, mark))

    def mark_due(self, now: int) -> bool:
        """Tell whether the transaction that commits now is to keep the time: once a second.

        Should it fail, what others commit within that second is covered by the next mark.
        """
        if now - self._kept < KEPT_EVERY:
            return False
        self._kept = now
        return True
