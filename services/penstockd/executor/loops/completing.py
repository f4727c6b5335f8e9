"""Tells state what became of leases, in batches, until it has answered."""

import asyncio
import logging
from datetime import datetime, timedelta

from penstock.errors import PenstockError
from penstockd.executor.loops.pausing import Pauses
from penstockd.executor.peers import Leases
from penstockd.executor.usecases.fleet import Fleet

logger = logging.getLogger(__name__)

AT_ONCE = timedelta(0)
MOST_OUTCOMES = 250
LONGEST_WAIT = timedelta(seconds=30)


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
            self._fleet.told(await self._leases.complete(outcomes))
        except PenstockError as error:
            logger.warning("leases.not_completed", extra={"why": str(error)})
            return self._pauses.next()
        self._pauses.reset()
        return AT_ONCE

    async def _something_ended(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await self._fleet.ended.wait()
        except TimeoutError:
            return
