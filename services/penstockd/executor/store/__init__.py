"""Where executions are kept, in domain words: one port, one suite for every filling."""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from penstockd.executor.rules.execution import Execution

T = TypeVar("T")


class ExecutionTransaction(Protocol):
    async def insert(self, execution: Execution) -> bool:
        """Add a new one; return False if its id is known already."""

    async def load(self, execution_id: UUID) -> Execution:
        """Return the execution. Raises ExecutionNotFound."""

    async def save(self, execution: Execution) -> None:
        """Write it; one that has ended is never written again."""


class ExecutionStore(Protocol):
    async def transact(
        self, work: Callable[[ExecutionTransaction], Coroutine[Any, Any, T]]
    ) -> T:
        """Commit if the work returns, roll back if it raises; it awaits only its tx."""

    async def load(self, execution_id: UUID) -> Execution:
        """Return the execution. Raises ExecutionNotFound."""

    async def page(
        self, *, active_only: bool, before: UUID | None, limit: int
    ) -> Sequence[Execution]:
        """Return executions with smaller ids, the greatest first."""

    async def active(self) -> Sequence[Execution]:
        """Return all that have not ended, whichever executor started them."""

    def watch(self) -> AsyncIterator[Sequence[Execution]]:
        """Yield those that have not ended, then changes, for ever; nothing in a lull."""

    async def forget(self, *, ended_before: datetime) -> int:
        """Delete what ended long ago; return how many there were."""
