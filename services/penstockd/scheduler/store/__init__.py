"""Where the scheduler keeps what it owns; the part of each resource is in `ports`."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol, TypeVar

from penstockd.database.request_log import Answer, Intent
from penstockd.scheduler.store.ports.deployment import DeploymentStore
from penstockd.scheduler.store.ports.work_pool import WorkPoolStore
from penstockd.scheduler.store.ports.worker import WorkerStore

__all__ = ["Answer", "Intent", "Store", "Transaction"]

T = TypeVar("T")


class Transaction(Protocol):
    @property
    def deployments(self) -> DeploymentStore: ...

    @property
    def work_pools(self) -> WorkPoolStore: ...

    @property
    def workers(self) -> WorkerStore: ...

    async def once(self, intent: Intent, work: Callable[[], Awaitable[bytes]]) -> Answer:
        """Do the work unless its answer is known. Raises RequestIdReused."""

    async def answer_to(self, intent: Intent) -> Answer | None:
        """Return the answer that is known. Raises RequestIdReused."""

    async def cursor(self, namespace: str, feed: str) -> str:
        """Return how far a feed has been read; empty when it never was."""

    async def save_cursor(self, namespace: str, feed: str, cursor: str) -> None: ...


class Store(Protocol):
    async def write(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """Commit if the work returns, roll back if it raises; it awaits only its tx."""

    async def read(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """Run read-only queries."""

    async def forget(self, *, older_than: datetime) -> int:
        """Drop old answers and changes, a thousand at a time; return how many there were."""
