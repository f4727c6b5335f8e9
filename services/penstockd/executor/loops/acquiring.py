"""Registers this executor, then asks for work for as many slots as are free."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from penstock.errors import Code, PenstockError, WorkerSessionNotFound
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
# One question asks for at most so many runs.
MOST_AT_ONCE = 100
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
            if not self._session.is_known:
                self._poll = None
                await self._session.register()
            if not self._fleet.free:
                await self._room()
                return AT_ONCE
            self._fleet.take(await self._ask())
        except NoRuntime as error:
            # Another pool may get the name; until then there is nothing to ask for.
            logger.error("executor.cannot_serve", extra={"why": str(error)})  # noqa: TRY400
            return LONGEST_WAIT
        except WorkerSessionNotFound:
            self._session.forgotten()
            return self._pauses.next()
        except PenstockError as error:
            if error.code not in UNANSWERED:
                self._poll = None
            level = logging.WARNING if self._pauses.failures >= STARTING else logging.INFO
            logger.log(level, "executor.gets_no_work", extra={"why": str(error)})
            return self._pauses.next()
        self._pauses.reset()
        return AT_ONCE

    async def _ask(self) -> Sequence[Work]:
        """Ask, until a drain begins or the session ends; what is handed out then is lost.

        Nobody acknowledges it, so that it is offered to others.
        """
        if self._poll is None or self._poll.worker_id != self._session.worker_id:
            self._poll = Poll(
                request_id=self._new_id(),
                worker_id=self._session.worker_id,
                slots=min(self._fleet.free, MOST_AT_ONCE),
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
