"""What this executor is to the others: its worker id, and what the server dictated."""

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID

from penstock.errors import PenstockError
from penstockd.executor.peers import Manifest, Scheduler, Terms
from penstockd.executor.usecases.runtimes import NoRuntime, Runtimes

logger = logging.getLogger(__name__)


class Session:
    """`terms` are those of the session, which lives on while the scheduler is away.

    `is_known` says whether the scheduler knows this worker. A new session has a new id, so
    that nothing of the old one counts.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        manifest: Manifest,
        runtimes: Runtimes,
        new_id: Callable[[], UUID],
    ) -> None:
        self.worker_id = new_id()
        self.terms: Terms | None = None
        self.is_known = False
        self.lacks = "not registered at the scheduler yet"
        self._scheduler = scheduler
        self._manifest = manifest
        self._runtimes = runtimes
        self._new_id = new_id
        self._opened = asyncio.Event()
        self._over = asyncio.Event()

    async def register(self) -> None:
        """Make this worker known, if it can start what its pool's workers start.

        What it lacks until then is told in words. Raises NoRuntime.
        """
        work_pool = self._manifest.work_pool
        try:
            self._runtimes.choose(work_pool, await self._scheduler.pool_type(work_pool))
            self.terms = await self._scheduler.register(self.worker_id, self._manifest)
        except NoRuntime as error:
            self.lacks = str(error)
            raise
        except PenstockError as error:
            self.lacks = f"not registered at the scheduler: {error}"
            raise
        self.is_known, self.lacks = True, ""
        self._over.clear()
        self._opened.set()
        logger.info(
            "executor.registered",
            extra={"worker": str(self.worker_id), "work_pool": work_pool},
        )

    async def opened(self) -> Terms:
        """Wait for the session to be open."""
        while self.terms is None:
            await self._opened.wait()
        return self.terms

    async def over(self) -> None:
        """Wait until the session that is open now has ended."""
        await self._over.wait()

    def forgotten(self) -> None:
        """The scheduler does not know this worker: say again who it is."""
        self.is_known = False

    def ended(self) -> None:
        """State has held this session dead: begin a new one."""
        logger.warning("executor.session_ended", extra={"worker": str(self.worker_id)})
        self.worker_id = self._new_id()
        self.terms, self.is_known = None, False
        self._opened.clear()
        self._over.set()
