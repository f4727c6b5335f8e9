"""Where the state service keeps what it knows, in domain words: one port for every filling."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from penstockd.database import Commits
from penstockd.database.request_log import Answer, Intent
from penstockd.state.rules.flow import Flow
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import Held, LeasePhase
from penstockd.state.rules.log import LogLine
from penstockd.state.rules.state import State, StateType
from penstockd.state.rules.task_run import Folded, Known, Moved, TaskRun
from penstockd.state.rules.worker_session import WorkerSession

__all__ = ["Answer", "Commits", "Intent"]

T = TypeVar("T")
Actor = Literal["worker", "client", "state"]
Key = tuple[str, UUID]  # namespace and id


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One entry of a flow run's history; `fence` is the run's after it."""

    flow_run_id: UUID
    revision: int
    state: State
    attempt: int
    fence: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRunFilter:
    """Keeps the runs to which all that is set applies."""

    state_types: tuple[StateType, ...] = ()
    flow_name: str = ""
    deployment_id: UUID | None = None
    root_flow_run_id: UUID | None = None
    flow_run_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalHead:
    """Who may append to a flow run's journal, and where."""

    fence: int
    lease_id: UUID | None
    owned: bool
    epoch: int
    next_sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Journal entries as they came: `entries` are packed, the last `count` of them new."""

    namespace: str
    flow_run_id: UUID
    fence: int
    first_sequence: int
    count: int
    request_id: UUID
    request_hash: bytes
    entries: bytes


class FlowStore(Protocol):
    async def obtain(self, flow: Flow, /) -> Flow:
        """Return the flow of this name; it is made if it is new."""

    async def by_id(self, namespace: str, flow_id: UUID) -> Flow | None: ...

    async def by_name(self, namespace: str, name: str) -> Flow | None: ...

    async def page(self, namespace: str, *, after: str, limit: int) -> list[Flow]:
        """Return flows by name."""


class FlowRunStore(Protocol):
    async def insert(self, run: FlowRun, *, actor: Actor, phase: LeasePhase) -> bool:
        """Add a run, its first transition and its change; False if its key is taken."""

    async def load(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        """Raises FlowRunNotFound."""

    async def lock(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        """As load, and nobody else changes the run until the transaction ends."""

    async def by_key(self, namespace: str, idempotency_key: str) -> FlowRun | None: ...

    async def save(self, run: FlowRun, *, actor: Actor) -> None:
        """Write revision N over N-1, its transition and its change. Raises RevisionConflict."""

    async def transitions(
        self, namespace: str, flow_run_id: UUID, *, limit: int
    ) -> list[Transition]:
        """Return the last transitions, oldest first."""

    async def page(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        after: UUID | None,
        limit: int,
        oldest_first: bool,
    ) -> list[FlowRun]: ...


class LeaseStore(Protocol):
    async def ready(
        self, namespace: str, *, work_pool: str, work_queue: str, now: datetime, limit: int
    ) -> list[tuple[FlowRun, bytes]]:
        """Lock due runs that nobody owns or is claiming; each comes with its checkpoint."""

    async def next_due(
        self, namespace: str, *, work_pool: str, work_queue: str
    ) -> datetime | None: ...

    async def begin(self, run: FlowRun) -> None:
        """A new lease: not acknowledged, and with an empty journal of its own."""

    async def held(
        self, namespace: str, lease_ids: Sequence[UUID], *, lock: bool
    ) -> dict[UUID, Held]:
        """Return the leases that are the current or last ones of their runs."""

    async def note(self, held: Held) -> None:
        """Write how far the worker is."""

    async def owned_by(self, namespace: str, session_id: UUID) -> list[FlowRun]:
        """Lock the runs that a session owns."""

    async def unacknowledged(self, now: datetime, *, limit: int) -> list[Key]: ...

    async def overdue(self, now: datetime, *, limit: int) -> list[Key]:
        """Return runs whose cancellation should have ended."""


class JournalStore(Protocol):
    async def head(self, namespace: str, flow_run_id: UUID) -> JournalHead:
        """Lock the run. Raises FlowRunNotFound."""

    async def known(self, namespace: str, task_run_ids: Sequence[UUID]) -> dict[UUID, Known]:
        """Return those of the task runs that exist."""

    async def length_of(
        self, namespace: str, request_id: UUID
    ) -> tuple[UUID, int, bytes] | None:
        """Return flow run, next sequence and request hash of the batch of a request."""

    def pack(self, moves: Sequence[Moved], /) -> bytes:
        """Return the entries of a batch that no worker sent, as one is kept."""

    async def append(self, batch: Batch, folded: Folded, *, epoch: int, at: datetime) -> None:
        """Write a batch, its task runs, their count and its change. Raises LeaseLost."""


class TaskRunStore(Protocol):
    async def load(self, namespace: str, task_run_id: UUID) -> TaskRun:
        """Raises TaskRunNotFound."""

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> list[TaskRun]:
        """Return task runs in the order of their calls."""

    async def left_open(
        self, namespace: str, flow_run_id: UUID, *, limit: int
    ) -> list[TaskRun]:
        """Return task runs that have not ended, the last call first."""


class WorkerSessionStore(Protocol):
    async def find(
        self, namespace: str, session_id: UUID, *, lock: bool = False
    ) -> WorkerSession | None: ...

    async def save(self, session: WorkerSession, *, tell_at: datetime | None = None) -> None:
        """Add or overwrite the session; with a time, a change is added to the feed."""

    async def expired(self, now: datetime, *, limit: int) -> list[WorkerSession]: ...

    async def embedded(self) -> list[WorkerSession]:
        """Return all that are held to be alive."""


class LogStore(Protocol):
    async def lock(self, namespace: str, flow_run_id: UUID) -> tuple[UUID | None, int]:
        """Return the last lease and the attempt. Raises FlowRunNotFound."""

    async def acknowledged(
        self, namespace: str, flow_run_id: UUID, *, lease_id: UUID, source: str
    ) -> int: ...

    async def append(
        self,
        namespace: str,
        flow_run_id: UUID,
        lines: Sequence[LogLine],
        *,
        lease_id: UUID,
        source: str,
    ) -> None:
        """Add lines, by offset, after those that are there."""

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, min_level: int, limit: int
    ) -> list[tuple[int, LogLine]]:
        """Return lines with their positions in the order of arrival."""


class Transaction(Protocol):
    @property
    def flows(self) -> FlowStore: ...
    @property
    def flow_runs(self) -> FlowRunStore: ...
    @property
    def leases(self) -> LeaseStore: ...
    @property
    def journal(self) -> JournalStore: ...
    @property
    def task_runs(self) -> TaskRunStore: ...
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
        """Run queries beside the writers."""

    def watch_flow_runs(
        self, namespace: str, cursor: str, *, flow_run_id: UUID | None
    ) -> AsyncIterator[tuple[str, Sequence[FlowRun]]]:
        """Yield runs as each change left them. Raises CursorInvalid and CursorExpired."""

    def watch_task_runs(
        self,
        namespace: str,
        cursor: str,
        *,
        flow_run_id: UUID,
        unpack: Callable[[bytes], Sequence[UUID]],
    ) -> AsyncIterator[tuple[str, Sequence[TaskRun]]]:
        """Yield task runs as they are; `unpack` tells which ones a batch's entries name."""

    def watch_worker_sessions(
        self, namespace: str, cursor: str
    ) -> AsyncIterator[tuple[str, Sequence[WorkerSession]]]:
        """Yield sessions as they are."""

    @property
    def commits(self) -> Commits:
        """News of what was committed, here or by another process."""
