"""What this executor is to the others: its worker id, and what the server dictated."""

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID

from penstock.errors import PenstockError
from penstockd.executor.peers import Manifest, Scheduler, Terms

logger = logging.getLogger(__name__)


class Session:
    """Registered or not; a new one has a new id, so that nothing of the old one counts."""

    def __init__(
        self, scheduler: Scheduler, manifest: Manifest, new_id: Callable[[], UUID]
    ) -> None:
        self.worker_id = new_id()
        self.terms: Terms | None = None
        self.lacks = "not registered at the scheduler yet"
        self._scheduler = scheduler
        self._manifest = manifest
        self._new_id = new_id
        self._registered = asyncio.Event()
        self._over = asyncio.Event()

    async def register(self) -> None:
        """Make this worker known. What it lacks until then is told in words."""
        try:
            self.terms = await self._scheduler.register(self.worker_id, self._manifest)
        except PenstockError as error:
            self.lacks = f"not registered at the scheduler: {error}"
            raise
        self.lacks = ""
        self._over.clear()
        self._registered.set()
        logger.info(
            "executor.registered",
            extra={"worker": str(self.worker_id), "work_pool": self._manifest.work_pool},
        )

    async def registered(self) -> Terms:
        """Wait for the registration."""
        while self.terms is None:
            await self._registered.wait()
        return self.terms

    def unknown(self) -> None:
        """The scheduler does not know this worker: say again who it is."""
        self.terms = None
        self._registered.clear()

    def ended(self) -> None:
        """State has held this session dead: begin a new one."""
        logger.warning("executor.session_ended", extra={"worker": str(self.worker_id)})
        self.worker_id = self._new_id()
        self.unknown()
        self._over.set()

    async def over(self) -> None:
        """Wait until the session has ended that is registered now."""
        await self._over.wait()
