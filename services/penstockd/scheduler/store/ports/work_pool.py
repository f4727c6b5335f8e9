"""Where work pools and their queues are kept."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from penstockd.scheduler.rules.work_pool import WorkPool, WorkPoolFilter, WorkQueue


class WorkPoolStore(Protocol):
    async def get(self, namespace: str, ref: UUID | str) -> WorkPool:
        """Return the pool of an id or name, with its queues. Raises WorkPoolNotFound."""

    async def keep(self, namespace: str, name: str) -> WorkPool:
        """Return the pool, which nobody deletes from until the transaction ends.

        Raises WorkPoolNotFound.
        """

    async def lock(self, namespace: str, ref: UUID | str) -> WorkPool:
        """Return the pool, which nobody else keeps or locks until the transaction ends.

        Raises WorkPoolNotFound.
        """

    async def insert(self, pool: WorkPool) -> bool:
        """Add a pool and its queues, unless the name is taken; then return False."""

    async def add_queue(self, pool: WorkPool, queue: WorkQueue) -> bool:
        """Add a queue and a revision, unless the name is taken; then return False."""

    async def delete(self, pool: WorkPool) -> None:
        """Delete a locked pool with its queues."""

    async def delete_queue(self, pool: WorkPool, name: str) -> None:
        """Delete a queue of a locked pool, and add a revision."""

    async def page(
        self, namespace: str, wanted: WorkPoolFilter, *, after: str, limit: int
    ) -> Sequence[WorkPool]:
        """Return pools by name."""
