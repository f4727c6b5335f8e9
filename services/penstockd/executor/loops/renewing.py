"""Renews all leases in one parked call, and does what the verdicts say."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from penstock.errors import PenstockError, WorkerSessionNotFound
from penstockd.executor.loops.pausing import Pauses
from penstockd.executor.peers import Leases, LeaseVerdict, Ruling, Terms
from penstockd.executor.rules.stopping import Cause
from penstockd.executor.rules.work import Work
from penstockd.executor.usecases.fleet import Fleet
from penstockd.executor.usecases.session import Session

logger = logging.getLogger(__name__)

AT_ONCE = timedelta(0)
WAIT_FOR_SESSION = timedelta(seconds=30)
# A parked call that comes back at once with nothing to do must not become a busy loop.
SHORTEST_PARK = 0.05
QUIET = timedelta(milliseconds=200)
# A child whose lease was lost must be gone within two seconds.
DOUBT_LIMIT = timedelta(milliseconds=500)

LOST = "the lease was lost"
SESSION_LOST = "the executor's session has ended"
ENDED = "the run has ended"


class Renewing:
    def __init__(self, leases: Leases, session: Session, fleet: Fleet) -> None:
        self._leases = leases
        self._session = session
        self._fleet = fleet
        self._pauses = Pauses()

    async def tick(self, _now: datetime) -> timedelta:
        try:
            async with asyncio.timeout(WAIT_FOR_SESSION.total_seconds()):
                terms = await self._session.opened()
        except TimeoutError:
            return AT_ONCE
        try:
            rest = await self._renew(terms)
        except WorkerSessionNotFound:
            self._lose_all()
            return AT_ONCE
        except PenstockError as error:
            # What was to be acknowledged still is.
            self._fleet.news.set()
            logger.warning("leases.not_renewed", extra={"why": str(error)})
            return self._pauses.next()
        self._pauses.reset()
        return rest

    async def _renew(self, terms: Terms) -> timedelta:
        """With news the call is answered at once; without, it parks until there are some."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        has_news = self._fleet.news.is_set()
        self._fleet.news.clear()
        call = asyncio.ensure_future(
            self._leases.renew(
                self._session.worker_id,
                self._fleet.reports(),
                wait=AT_ONCE if has_news else terms.renew_interval,
            )
        )
        news = asyncio.ensure_future(self._fleet.news.wait())
        waiting = [call] if has_news else [call, news]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                return AT_ONCE
            await self._obey(call.result())
        finally:
            call.cancel()
            news.cancel()
        back_at_once = loop.time() - begun < SHORTEST_PARK
        return QUIET if back_at_once and not has_news else AT_ONCE

    async def _obey(self, verdicts: Sequence[LeaseVerdict]) -> None:
        fleet = self._fleet
        async with asyncio.TaskGroup() as tasks:
            for verdict in verdicts:
                match verdict.ruling:
                    case Ruling.CANCEL:
                        why = verdict.message or "the run was cancelled"
                        pace = fleet.paces.cancel(verdict.grace)
                        fleet.stop(verdict.lease_id, Cause.CANCEL, why, pace=pace)
                    case Ruling.LOST:
                        tasks.create_task(self._lost(verdict))

    async def _lost(self, verdict: LeaseVerdict) -> None:
        """A run that its own child has ended is no loss: the child may tidy up."""
        fleet, lease_id = self._fleet, verdict.lease_id
        fleet.unlist(lease_id)
        work = fleet.find(lease_id)
        if work is None:
            return
        if await self._ended_by_itself(work):
            fleet.stop(lease_id, Cause.ENDED, ENDED, pace=fleet.paces.of_ended())
        else:
            why = verdict.message or LOST
            fleet.stop(lease_id, Cause.LOST, why, pace=fleet.paces.of_lost())

    async def _ended_by_itself(self, work: Work) -> bool:
        """Who does not hear it in time must take the lease for lost."""
        try:
            async with asyncio.timeout(DOUBT_LIMIT.total_seconds()):
                return await self._leases.ended_by_itself(work.flow_run_id, work.lease.fence)
        except (PenstockError, TimeoutError):
            return False

    def _lose_all(self) -> None:
        for lease_id in self._fleet.running():
            self._fleet.unlist(lease_id)
            self._fleet.stop(
                lease_id, Cause.LOST, SESSION_LOST, pace=self._fleet.paces.of_lost()
            )
        self._session.ended()
