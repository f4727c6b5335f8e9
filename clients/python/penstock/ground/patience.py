"""How calls outlast a service that is away, and what is said of it meanwhile.

What goes on in a run has no end of patience while its process lives; what a person waits for
has one. All of it is used by the loop's thread alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from penstock.errors import DeadlineExceeded, PenstockError, Unavailable

T = TypeVar("T")

PATIENCE = 30.0
# Of a service that has never answered: perhaps none was started, or the address is wrong.
FIRST_PATIENCE = 3.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
# A restart that is over before costs nobody a word.
SAID_AFTER = 1.0

_AWAY = (Unavailable, DeadlineExceeded)
_logger = logging.getLogger("penstock.connection")


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
                self._missed(error)
                missed()
                rest = pause if isinstance(error, _AWAY) else _as_told(error, pause)
            await asyncio.sleep(rest)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def for_a_while(self, call: Callable[[], Awaitable[T]]) -> T:
        """Retry the call as long as a person is patient; the call must be idempotent.

        Raises:
            Unavailable, DeadlineExceeded: the service was away all the time.
            PenstockError: it refuses the call.
        """
        loop = asyncio.get_running_loop()
        give_up = loop.time() + (PATIENCE if self._has_answered else FIRST_PATIENCE)
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._once(call)
            except PenstockError as error:
                if not passes(error) or loop.time() + pause > give_up:
                    raise
            await asyncio.sleep(pause)
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

    def _missed(self, error: PenstockError) -> None:
        now = asyncio.get_running_loop().time()
        if self._away_since is None:
            self._away_since = now
        elif not self._said and now - self._away_since >= SAID_AFTER:
            self._said = True
            _logger.warning(
                "The %s service takes nothing for now (%s): the run goes on, and what happens "
                "is kept here until it does",
                self._service,
                error,
            )

    def _answered(self) -> None:
        self._has_answered, self._away_since = True, None
        if self._said:
            self._said = False
            _logger.warning("The %s service takes everything again", self._service)


def _as_told(error: PenstockError, pause: float) -> float:
    told = error.retry_after
    return pause if told is None else max(pause, told.total_seconds())
