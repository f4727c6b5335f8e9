"""Where it is kept what workers say of themselves, and who of them is alive."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from penstockd.scheduler.rules.worker import Worker, WorkerFilter


class WorkerStore(Protocol):
    async def get(self, namespace: str, worker_id: UUID) -> Worker | None: ...

    async def save(self, worker: Worker) -> None:
        """Write what a worker says of itself; the time of its first registration stays."""

    async def page(
        self,
        namespace: str,
        wanted: WorkerFilter,
        *,
        before: tuple[datetime, UUID],
        limit: int,
    ) -> Sequence[Worker]:
        """Return workers, newest first."""

    async def count_alive(self, namespace: str, *, work_pool: str, work_queue: str) -> int:
        """Return how many are alive that name the queue; an empty one means all of the pool."""

    async def set_alive(self, namespace: str, alive: dict[UUID, bool]) -> None:
        """Write what sessions tell; those that are no workers are passed over."""

    async def hold_all_dead(self, namespace: str) -> None:
        """Forget who is alive, when changes were missed."""

    async def forget(self, namespace: str, work_pool: str) -> None:
        """Delete those of a pool."""

    async def namespaces(self) -> Sequence[str]:
        """Return the namespaces in which a worker has registered."""
