"""How calls outlast a service that is away, and what is said of it meanwhile.

What goes on in a run has no end of patience while its process lives; what a person waits for
has one. All of it is used by the loop's thread alone.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from penstock.errors import DeadlineExceeded, PenstockError, Unavailable
from penstock.ground.lasting_loggers import lasting_logger

T = TypeVar("T")

PATIENCE = 30.0
# All who were told the same time do not come again in the same moment.
SPREAD = 0.2
# Of a service that has never answered: perhaps none was started, or the address is wrong.
FIRST_PATIENCE = 3.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
# A restart that is over before costs nobody a word.
SAID_AFTER = 1.0
GOES_ON = "the run goes on, and its records are kept here until the service answers"
WAITS = "trying again for a while"

_AWAY = (Unavailable, DeadlineExceeded)
_logger = lasting_logger("penstock.connection")


def passes(error: PenstockError) -> bool:
    """Tell whether the same call may succeed later: the service is away, or says when."""
    return isinstance(error, _AWAY) or error.retry_after is not None


class Patience:
    """Outlasts one service; says once that it is away, and once that it is back."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._has_answered = self._said = False
        self._away_since: float | None = None

    async def without_end(
        self, call: Callable[[], Awaitable[T]], *, missed: Callable[[], object] = lambda: None
    ) -> T:
        """Retry the call until it is answered; the call must be idempotent.

        Args:
            call: makes it once.
            missed: hears each time that it was not answered.

        Raises:
            PenstockError: the service refuses it.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._once(call)
            except PenstockError as error:
                if not passes(error):
                    raise
                rest = _rest(error, pause)
                self._missed(error, rest, GOES_ON)
                missed()
            await asyncio.sleep(rest)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def for_a_while(
        self,
        call: Callable[[], Awaitable[T]],
        *,
        passing: Callable[[PenstockError], bool] = passes,
    ) -> T:
        """Retry the call as long as a person is patient; the call must be idempotent.

        Raises:
            Unavailable, DeadlineExceeded: the service was away all the time.
            PenstockError: it refuses the call, or has had no room all the time.
        """
        loop = asyncio.get_running_loop()
        began, pause = loop.time(), FIRST_PAUSE
        while True:
            try:
                return await self._once(call)
            except PenstockError as error:
                away = isinstance(error, _AWAY)
                known = self._has_answered or not away
                left = began + (PATIENCE if known else FIRST_PATIENCE) - loop.time()
                if not passing(error) or left <= 0:
                    raise
                # Who was told a time is heard then, once more at least.
                rest = min(_rest(error, pause), left if away else PATIENCE)
                if known:
                    self._missed(error, rest, WAITS)
            await asyncio.sleep(rest)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _once(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            answer = await call()
        except PenstockError as error:
            if not passes(error):
                self._answered()
            raise
        self._answered()
        return answer

    def _missed(self, error: PenstockError, rest: float, then: str) -> None:
        now = asyncio.get_running_loop().time()
        if self._away_since is None:
            self._away_since = now
        long = rest > LONGEST_PAUSE or now - self._away_since >= SAID_AFTER
        if long and not self._said:
            self._said = True
            _logger.warning(
                "The %s service does not accept requests at the moment (%s): %s",
                self._service,
                error,
                then,
            )

    def _answered(self) -> None:
        self._has_answered, self._away_since = True, None
        if self._said:
            self._said = False
            _logger.warning("The %s service accepts requests again", self._service)


def _rest(error: PenstockError, pause: float) -> float:
    """Return how long to wait before the same call: as the service says, if it said so."""
    # By its class also an error says it that stands for a service that was not reached.
    told = vars(error).get("retry_after") if isinstance(error, _AWAY) else error.retry_after
    if told is None:
        return pause
    return max(pause, told.total_seconds()) * random.uniform(1, 1 + SPREAD)  # noqa: S311
