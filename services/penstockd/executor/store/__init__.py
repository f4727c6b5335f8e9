"""Where executions are kept, in domain words: one port, one suite for every implementation."""

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
        """Write the next revision. Raises RevisionConflict if somebody else did."""


class ExecutionStore(Protocol):
    async def transact(
        self, work: Callable[[ExecutionTransaction], Coroutine[Any, Any, T]]
    ) -> T:
        """Commit if the work returns, roll back if it raises; it awaits only its tx."""

    async def load(self, namespace: str, execution_id: UUID) -> Execution:
        """Return the execution. Raises ExecutionNotFound."""

    async def page(
        self, namespace: str, *, active_only: bool, before: UUID | None, limit: int
    ) -> tuple[str, Sequence[Execution]]:
        """Return the cursor of now, and executions with smaller ids, the greatest first."""

    async def active(self) -> Sequence[Execution]:
        """Return all that have not ended, of any namespace and any incarnation."""

    def watch(
        self, namespace: str, cursor: str, *, execution_id: UUID | None
    ) -> AsyncIterator[tuple[str, Sequence[Execution]]]:
        """Yield changes after the cursor ("" is now), for ever; nothing in a lull.

        Raises CursorInvalid, CursorExpired.
        """

    async def forget(self, *, older_than: datetime) -> bool:
        """Delete some of what ended and of what changed long ago; tell if there is more."""
