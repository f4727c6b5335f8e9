"""Where the state service keeps what it knows; the part of each resource is in `ports`."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from penstockd.database import Commits
from penstockd.database.request_log import Answer, Intent
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import FlowRunFilter
from penstockd.state.rules.view import View
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store.ports.flow import FlowStore
from penstockd.state.store.ports.flow_run import FlowRunStore
from penstockd.state.store.ports.flow_run_graph import FlowRunGraphStore
from penstockd.state.store.ports.journal import JournalStore
from penstockd.state.store.ports.lease import LeaseStore
from penstockd.state.store.ports.log import LogStore
from penstockd.state.store.ports.task_run import TaskRunStore
from penstockd.state.store.ports.transition import TransitionStore
from penstockd.state.store.ports.worker_session import WorkerSessionStore

__all__ = ["Answer", "Commits", "Intent", "Store", "Transaction"]

T = TypeVar("T")


class Transaction(Protocol):
    @property
    def flows(self) -> FlowStore: ...
    @property
    def flow_runs(self) -> FlowRunStore: ...
    @property
    def transitions(self) -> TransitionStore: ...
    @property
    def leases(self) -> LeaseStore: ...
    @property
    def journal(self) -> JournalStore: ...
    @property
    def task_runs(self) -> TaskRunStore: ...
    @property
    def flow_run_graphs(self) -> FlowRunGraphStore: ...
    @property
    def worker_sessions(self) -> WorkerSessionStore: ...
    @property
    def logs(self) -> LogStore: ...

    async def once(
        self, intent: Intent, work: Callable[[], Awaitable[bytes]], *, now: datetime
    ) -> Answer:
        """Do the work unless its answer is known. Raises RequestIdReused."""

    async def cursor(self) -> str:
        """Return the cursor of now: read it before a list, to watch from there."""

    async def expire(
        self, *, requests: datetime, changes: datetime, sessions: datetime
    ) -> bool:
        """Forget some of what is older; return whether there may be more."""


class Store(Protocol):
    async def write(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """Commit if the work returns, roll back if it raises; it awaits only its tx."""

    async def read(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """Run read-only queries."""

    def follow(
        self,
        read: Callable[[Transaction, str], Coroutine[Any, Any, tuple[str, Sequence[T] | None]]],
        cursor: str,
        *,
        namespace: str,
        flow_run_id: UUID,
    ) -> AsyncIterator[tuple[str, Sequence[T]]]:
        """Yield what is read after a cursor, at once and whenever something of the run changed.

        In a lull it yields the cursor alone. A reading of None, where an empty one would wait,
        means that nothing of it is wanted and there is more.
        """

    def watch_flow_runs(
        self, namespace: str, cursor: str, wanted: FlowRunFilter, *, view: View
    ) -> AsyncIterator[tuple[str, Sequence[FlowRun]]]:
        """Yield runs as each change left them. Raises CursorInvalid and CursorExpired."""

    def watch_worker_sessions(
        self, namespace: str, cursor: str
    ) -> AsyncIterator[tuple[str, Sequence[WorkerSession]]]:
        """Yield sessions as they are."""

    @property
    def commits(self) -> Commits:
        """News of what was committed, here or by another process."""
