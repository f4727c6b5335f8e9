"""Registers this executor, then acquires work for its free slots."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from penstock.errors import Code, PenstockError, WorkerSessionClosed
from penstockd.executor.loops.pausing import Pauses
from penstockd.executor.peers import Poll, Scheduler
from penstockd.executor.rules.work import Work
from penstockd.executor.usecases.fleet import Fleet
from penstockd.executor.usecases.runtimes import NoRuntime
from penstockd.executor.usecases.session import Session

logger = logging.getLogger(__name__)

# Services come up in any order: so many failures in a row are no news.
STARTING = 4
AT_ONCE = timedelta(0)
LONGEST_WAIT = timedelta(seconds=30)
# After this it is asked again whether the pool is one that can be served.
UNSERVED = timedelta(minutes=10)
# After these nobody knows whether something was handed out: the same question is asked again.
UNANSWERED = frozenset({Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED})


class Acquiring:
    def __init__(
        self, scheduler: Scheduler, session: Session, fleet: Fleet, new_id: Callable[[], UUID]
    ) -> None:
        self._scheduler = scheduler
        self._session = session
        self._fleet = fleet
        self._new_id = new_id
        self._poll: Poll | None = None
        self._pauses = Pauses()

    async def tick(self, _now: datetime) -> timedelta:
        if self._fleet.draining.is_set():
            return LONGEST_WAIT
        try:
            await self._take()
        except NoRuntime as error:
            # Another pool may get the name; until then there is nothing to ask for.
            logger.error("executor.cannot_serve", extra={"why": str(error)})  # noqa: TRY400
            self._fleet.lose_all()
            return UNSERVED
        except WorkerSessionClosed:
            self._fleet.lose_all()
            self._session.ended()
            return self._pauses.next()
        except PenstockError as error:
            self._session.forgotten()
            if error.code not in UNANSWERED:
                self._poll = None
            level = logging.WARNING if self._pauses.failures >= STARTING else logging.INFO
            logger.log(level, "executor.gets_no_work", extra={"why": str(error)})
            return self._pauses.next()
        self._pauses.reset()
        return AT_ONCE

    async def _take(self) -> None:
        """Say who this is, at first and after the scheduler could not be reached; then ask."""
        session, fleet = self._session, self._fleet
        if not session.is_known:
            fleet.obey(await session.register(fleet.reports()))
        if fleet.free:
            fleet.take(await self._ask())
        else:
            await self._room()

    async def _ask(self) -> Sequence[Work]:
        """Ask, until a drain begins or the session ends; what is handed out then is lost.

        Nobody acknowledges it, so that it is offered to others.
        """
        if self._poll is None or self._poll.worker_id != self._session.worker_id:
            self._poll = Poll(
                request_id=self._new_id(),
                worker_id=self._session.worker_id,
                slots=self._fleet.free,
                wait=LONGEST_WAIT,
            )
        call = asyncio.ensure_future(self._scheduler.acquire(self._poll))
        drained = asyncio.ensure_future(self._fleet.draining.wait())
        over = asyncio.ensure_future(self._session.over())
        try:
            await asyncio.wait([call, drained, over], return_when=asyncio.FIRST_COMPLETED)
            if not call.done():
                return ()
            works = call.result()
        finally:
            for waiting in (call, drained, over):
                waiting.cancel()
        self._poll = None
        return works

    async def _room(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await self._fleet.ended.wait()
        except TimeoutError:
            return
