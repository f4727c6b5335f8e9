"""How long a command waits for a server that is gone, and what it tells meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from penstock.errors import DeadlineExceeded, PenstockError, Unavailable

T = TypeVar("T")

# A server that is started anew answers within seconds; one that is gone should be told.
PATIENCE = 60.0
PAUSE = 0.5
# What asking again may mend.
PASSING = (Unavailable, DeadlineExceeded)


class Patience:
    """Outlasts a server that comes back in time.

    `tell` hears when the server is lost, and when it is back; `command` shows the run again.
    """

    def __init__(
        self, tell: Callable[[str], object], command: str, *, seconds: float = PATIENCE
    ) -> None:
        self._tell = tell
        self._command = command
        self._seconds = seconds
        self._lost = False
        self._heard = time.monotonic()

    async def through(self, question: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer.

        Raises:
            Unavailable: no server answered for as long as the patience lasts.
        """
        while True:
            try:
                answer = await question()
            except PASSING as error:
                await self.missed(error)
            else:
                self.heard()
                return answer

    def heard(self) -> None:
        self._heard = time.monotonic()
        if self._lost:
            self._lost = False
            self._tell("the server answers again")

    async def missed(self, error: PenstockError) -> None:
        """Pause before the next try.

        Raises:
            Unavailable: no server answered for as long as the patience lasts.
        """
        silent = time.monotonic() - self._heard
        if silent > self._seconds:
            raise Unavailable(
                f"no server has answered for {silent:.0f} s; the run may still be "
                f"running: watch it again with `{self._command}`"
            ) from error
        # A stream that only became too old is no trouble: something was heard just now.
        if not self._lost and isinstance(error, Unavailable):
            self._lost = True
            self._tell(f"the server does not answer; trying again for {self._seconds:.0f} s")
        await asyncio.sleep(PAUSE)
