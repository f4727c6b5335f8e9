"""Where the scheduler keeps what it owns, in domain words: one port for every filling."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from penstockd.database.request_log import Intent
from penstockd.scheduler.rules.deployment import Deployment, DeploymentRef
from penstockd.scheduler.rules.work_pool import WorkPool, WorkQueue
from penstockd.scheduler.rules.worker import Worker

__all__ = ["Deployments", "Intent", "Store", "Transaction", "WorkPools", "Workers"]

T = TypeVar("T")


class Deployments(Protocol):
    async def get(self, namespace: str, ref: DeploymentRef) -> Deployment:
        """Return the newest version. Raises DeploymentNotFound."""

    async def lock(self, namespace: str, flow_name: str, name: str) -> Deployment | None:
        """Return the newest version, which nobody else changes until the transaction ends."""

    async def insert(self, deployment: Deployment) -> bool:
        """Add a first version, unless flow and name are taken; then return False."""

    async def save(self, deployment: Deployment) -> None:
        """Add version N after N-1; older ones are kept. Raises RevisionConflict."""

    async def page(
        self, namespace: str, flow_name: str, *, after: tuple[str, str], limit: int
    ) -> Sequence[Deployment]:
        """Return deployments by flow and name; an empty flow name means any."""


class WorkPools(Protocol):
    async def get(self, namespace: str, name: str) -> WorkPool:
        """Return the pool with its queues. Raises WorkPoolNotFound."""

    async def insert(self, pool: WorkPool) -> bool:
        """Add a pool and its queues, unless the name is taken; then return False."""

    async def add_queue(self, pool: WorkPool, queue: WorkQueue) -> bool:
        """Add a queue and a revision, unless the name is taken; then return False."""

    async def page(self, namespace: str, *, after: str, limit: int) -> Sequence[WorkPool]:
        """Return pools by name."""


class Workers(Protocol):
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


class Transaction(Protocol):
    @property
    def deployments(self) -> Deployments: ...

    @property
    def work_pools(self) -> WorkPools: ...

    @property
    def workers(self) -> Workers: ...

    async def once(self, intent: Intent, work: Callable[[], Awaitable[bytes]]) -> bytes:
        """Do the work unless its answer is known. Raises RequestIdReused."""

    async def answer_to(self, intent: Intent) -> bytes | None:
        """Return the answer that is known. Raises RequestIdReused."""

    async def cursor(self, namespace: str, feed: str) -> str:
        """Return how far a feed has been read; empty when it never was."""

    async def save_cursor(self, namespace: str, feed: str, cursor: str) -> None: ...


class Store(Protocol):
    async def write(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """Commit if the work returns, roll back if it raises; it awaits only its tx."""

    async def read(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """Look beside the writers; nothing is written."""

    async def forget(self, *, older_than: datetime) -> int:
        """Drop old answers and changes, a thousand at a time; return how many there were."""
