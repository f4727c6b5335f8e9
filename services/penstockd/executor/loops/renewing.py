"""Renews all leases in one long poll, and applies the verdicts."""

import asyncio
import logging
from datetime import datetime, timedelta

from penstock.errors import PenstockError, WorkerSessionNotFound
from penstockd.executor.loops.pausing import Pauses
from penstockd.executor.peers import Leases
from penstockd.executor.usecases.fleet import Fleet
from penstockd.executor.usecases.session import Session

logger = logging.getLogger(__name__)

AT_ONCE = timedelta(0)
WAIT_FOR_SESSION = timedelta(seconds=30)
# A long poll that returns at once with nothing to do must not become a busy loop.
SHORTEST_PARK = 0.05
QUIET = timedelta(milliseconds=200)


class Renewing:
    def __init__(self, leases: Leases, session: Session, fleet: Fleet) -> None:
        self._leases = leases
        self._session = session
        self._fleet = fleet
        self._pauses = Pauses()

    async def tick(self, _now: datetime) -> timedelta:
        try:
            async with asyncio.timeout(WAIT_FOR_SESSION.total_seconds()):
                interval = await self._session.opened()
        except TimeoutError:
            return AT_ONCE
        try:
            rest = await self._renew(interval)
        except WorkerSessionNotFound:
            self._fleet.lose_all()
            self._session.ended()
            return AT_ONCE
        except PenstockError as error:
            # What was to be acknowledged still is.
            self._fleet.news.set()
            logger.warning("leases.not_renewed", extra={"why": str(error)})
            return self._pauses.next()
        self._pauses.reset()
        return rest

    async def _renew(self, interval: timedelta) -> timedelta:
        """With news the call returns at once; without, it is a long poll."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        has_news = self._fleet.news.is_set()
        self._fleet.news.clear()
        call = asyncio.ensure_future(
            self._leases.renew(
                self._session.worker_id,
                self._fleet.reports(),
                wait=AT_ONCE if has_news else interval,
            )
        )
        news = asyncio.ensure_future(self._fleet.news.wait())
        waiting = [call] if has_news else [call, news]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                return AT_ONCE
            self._fleet.obey(call.result())
        finally:
            call.cancel()
            news.cancel()
        back_at_once = loop.time() - begun < SHORTEST_PARK
        return QUIET if back_at_once and not has_news else AT_ONCE
