"""Reports the outcomes of leases to state, in batches, until they are acknowledged."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from penstock.errors import Code, PenstockError
from penstockd.chassis.one_by_one import OneByOne
from penstockd.executor.loops.pausing import Pauses
from penstockd.executor.peers import Leases, Outcome
from penstockd.executor.usecases.fleet import Fleet

logger = logging.getLogger(__name__)

AT_ONCE = timedelta(0)
MOST_OUTCOMES = 250
LONGEST_WAIT = timedelta(seconds=30)
# State could not be reached: no outcome is at fault.
UNANSWERED = frozenset({Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED})


class Completing:
    def __init__(self, leases: Leases, fleet: Fleet) -> None:
        self._leases = leases
        self._fleet = fleet
        self._pauses = Pauses()
        self._one_by_one = OneByOne[UUID]("executor.complete")

    async def tick(self, now: datetime) -> timedelta:
        outcomes = self._fleet.outcomes(MOST_OUTCOMES)
        if not outcomes:
            await self._something_ended()
            return AT_ONCE
        try:
            await self._tell(outcomes)
        except Exception as error:  # noqa: BLE001 - it may be one outcome that cannot be told
            if not (isinstance(error, PenstockError) and error.code in UNANSWERED):
                await self._tell_one_by_one(outcomes, now)
            logger.warning("leases.not_completed", extra={"why": str(error)})
            return self._pauses.next()
        self._pauses.reset()
        return AT_ONCE

    async def _tell(self, outcomes: Sequence[Outcome]) -> None:
        self._fleet.told(await self._leases.complete(outcomes))

    async def _tell_one_by_one(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """One poisoned outcome must not hold the others up."""
        by_id = {it.lease.lease_id: it for it in outcomes}
        await self._one_by_one.each(by_id, lambda it: self._tell([by_id[it]]), now)

    async def _something_ended(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await self._fleet.ended.wait()
        except TimeoutError:
            return
