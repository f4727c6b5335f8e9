"""Where it is kept what workers say of themselves, and who of them is alive."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from penstockd.scheduler.rules.worker import Worker


class WorkerStore(Protocol):
    async def get(self, namespace: str, worker_id: UUID) -> Worker | None: ...

    async def save(self, worker: Worker) -> None:
        """Write what a worker says of itself; the time of its first registration stays."""

    async def page(
        self,
        namespace: str,
        work_pool: str,
        *,
        alive_only: bool,
        before: tuple[datetime, UUID],
        limit: int,
    ) -> Sequence[Worker]:
        """Return workers, newest first; an empty pool name means any."""

    async def set_alive(self, namespace: str, alive: dict[UUID, bool]) -> None:
        """Write what sessions tell; those that are no workers are passed over."""

    async def hold_all_dead(self, namespace: str) -> None:
        """Forget who is alive, when changes were missed."""

    async def namespaces(self) -> Sequence[str]:
        """Return the namespaces in which a worker has registered."""
