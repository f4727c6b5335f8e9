"""Where work pools and their queues are kept."""

from collections.abc import Sequence
from typing import Protocol

from penstockd.scheduler.rules.work_pool import WorkPool, WorkQueue


class WorkPoolStore(Protocol):
    async def get(self, namespace: str, name: str) -> WorkPool:
        """Return the pool with its queues. Raises WorkPoolNotFound."""

    async def insert(self, pool: WorkPool) -> bool:
        """Add a pool and its queues, unless the name is taken; then return False."""

    async def add_queue(self, pool: WorkPool, queue: WorkQueue) -> bool:
        """Add a queue and a revision, unless the name is taken; then return False."""

    async def page(self, namespace: str, *, after: str, limit: int) -> Sequence[WorkPool]:
        """Return pools by name."""
