"""What this executor is to the others: its worker id, and what the server dictated."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from penstock.errors import PenstockError, WorkerSessionNotFound
from penstockd.executor.peers import Leases, LeaseVerdict, Report, Scheduler
from penstockd.executor.usecases.runtimes import NoRuntime, Runtimes

logger = logging.getLogger(__name__)

CLOSE_LIMIT = timedelta(seconds=2)


class Session:
    """`renew_interval` is there while a session is open, be the scheduler away or not.

    `is_known` says whether the scheduler is known to know this worker. A new session has a new
    id, so that nothing of the old one counts: neither its leases nor its questions for work.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        leases: Leases,
        runtimes: Runtimes,
        new_id: Callable[[], UUID],
    ) -> None:
        self.worker_id = new_id()
        self.renew_interval: timedelta | None = None
        self.is_known = False
        self.lacks = "not yet registered with the scheduler"
        self._scheduler = scheduler
        self._leases = leases
        self._runtimes = runtimes
        self._new_id = new_id
        self._opened = asyncio.Event()
        self._over = asyncio.Event()

    async def register(self, held: Sequence[Report]) -> Sequence[LeaseVerdict]:
        """Make this worker known with what it holds; return how that is ruled on.

        Whatever it lacks before its first session is open is told in words. Raises NoRuntime
        if it cannot start what its pool's workers start: then its session is closed again.
        """
        worker_id = self.worker_id
        try:
            registered = await self._scheduler.register(worker_id, held)
            if worker_id != self.worker_id:
                raise WorkerSessionNotFound(
                    f"the session {worker_id} has ended in the meantime"
                )
            await self._choose_runtime(registered.pool_type)
        except (PenstockError, NoRuntime) as error:
            if self.renew_interval is None:
                self.lacks = f"not registered with the scheduler: {error}"
            raise
        self.renew_interval = registered.renew_interval
        self.is_known, self.lacks = True, ""
        self._over.clear()
        self._opened.set()
        logger.info(
            "executor.registered",
            extra={"worker": str(self.worker_id), "pool_type": registered.pool_type},
        )
        return registered.verdicts

    async def opened(self) -> timedelta:
        """Wait for the session to be open; return how often it is to be renewed."""
        while self.renew_interval is None:
            await self._opened.wait()
        return self.renew_interval

    async def over(self) -> None:
        """Wait until the session that is open now has ended."""
        await self._over.wait()

    def forgotten(self) -> None:
        """The scheduler may not know this worker: say again who it is."""
        self.is_known = False

    def ended(self) -> None:
        """The session is over, whoever ended it: begin a new one."""
        logger.warning("executor.session_ended", extra={"worker": str(self.worker_id)})
        self.worker_id = self._new_id()
        self.renew_interval, self.is_known = None, False
        self._opened.clear()
        self._over.set()

    async def close(self) -> None:
        """End the session in good order; if that fails, it ends when its time is over."""
        try:
            async with asyncio.timeout(CLOSE_LIMIT.total_seconds()):
                await self._leases.close_session(self.worker_id)
        except (PenstockError, TimeoutError) as error:
            logger.info("executor.session_not_closed", extra={"why": str(error)})

    async def _choose_runtime(self, pool_type: str) -> None:
        """Nobody is to count on a worker that cannot start anything."""
        try:
            self._runtimes.choose(pool_type)
        except NoRuntime:
            await self.close()
            self.ended()
            raise
