"""Reports the outcomes of leases to state, in batches, until they are acknowledged."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from penstock.errors import Code, PenstockError
from penstockd.executor.loops.pausing import Pauses
from penstockd.executor.peers import Leases, Outcome
from penstockd.executor.usecases.fleet import Fleet

logger = logging.getLogger(__name__)

AT_ONCE = timedelta(0)
MOST_OUTCOMES = 250
LONGEST_WAIT = timedelta(seconds=30)
# State was reachable, and refused the batch.
ANSWERED = frozenset({Code.INTERNAL, Code.INVALID_ARGUMENT})


class Completing:
    def __init__(self, leases: Leases, fleet: Fleet) -> None:
        self._leases = leases
        self._fleet = fleet
        self._pauses = Pauses()

    async def tick(self, _now: datetime) -> timedelta:
        outcomes = self._fleet.outcomes(MOST_OUTCOMES)
        if not outcomes:
            await self._something_ended()
            return AT_ONCE
        try:
            await self._tell(outcomes)
        except PenstockError as error:
            if error.code in ANSWERED and len(outcomes) > 1:
                await self._tell_one_by_one(outcomes)
            logger.warning("leases.not_completed", extra={"why": str(error)})
            return self._pauses.next()
        self._pauses.reset()
        return AT_ONCE

    async def _tell(self, outcomes: Sequence[Outcome]) -> None:
        self._fleet.told(await self._leases.complete(outcomes))

    async def _tell_one_by_one(self, outcomes: Sequence[Outcome]) -> None:
        """One poisoned outcome must not hold the others up."""
        for outcome in outcomes:
            with suppress(PenstockError):
                await self._tell([outcome])

    async def _something_ended(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await self._fleet.ended.wait()
        except TimeoutError:
            return
