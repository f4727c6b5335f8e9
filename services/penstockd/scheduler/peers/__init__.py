"""What the scheduler asks of the state service, in domain words."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from penstockd.scheduler.rules.run_spec import RunSpec
from penstockd.scheduler.rules.work import Claimed, Demand
from penstockd.scheduler.rules.worker import SessionTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run of a deployment."""

    namespace: str
    spec: RunSpec
    name: str
    deployment_id: UUID
    deployment_version: int
    expected_start_time: datetime | None
    idempotency_key: str
    traceparent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRun:
    """A run that waits for a worker of its queue that can start it; it may be due later."""

    id: UUID
    revision: int
    work_pool: str
    work_queue: str
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedRun:
    """`waiting` is none if another call made the run long ago, and it no longer waits."""

    id: UUID
    name: str
    deployment_version: int
    is_new: bool
    watch_cursor: str
    waiting: WaitingRun | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsOf:
    """Which runs use something; what is not set does not matter."""

    deployment_id: UUID | None = None
    work_pool: str = ""
    work_queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """`next_token` is empty on the last page."""

    run_ids: Sequence[UUID]
    next_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNews:
    cursor: str
    waiting: Sequence[WaitingRun]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionNews:
    """Which sessions are alive, by id."""

    cursor: str
    alive: Mapping[UUID, bool]


class StateService(Protocol):
    """Every call raises Unavailable while the state service cannot be reached."""

    async def open_session(
        self, namespace: str, session_id: UUID, held: Sequence[bytes]
    ) -> SessionTerms:
        """Open an executor's session, or find it open; `held` are reports of its leases.

        Raises IdTaken and WorkerSessionClosed.
        """

    async def create_run(self, run: NewRun, *, request_id: UUID) -> CreatedRun:
        """Make the run, once per idempotency key. Raises IdempotencyKeyReused."""

    async def claim(self, demand: Demand, *, request_id: UUID) -> Claimed:
        """Claim due runs. Raises WorkerSessionNotFound."""

    async def count_unended(self, namespace: str, of: RunsOf) -> int:
        """Return how many runs have not ended."""

    async def unended(self, namespace: str, of: RunsOf, *, token: str) -> RunPage:
        """Return runs that have not ended, a page at a time."""

    async def cancel_run(self, namespace: str, run_id: UUID, *, request_id: UUID) -> None:
        """Ask for the end of a run. Raises FlowRunNotFound and RevisionConflict."""

    def watch_runs(self, namespace: str, cursor: str) -> AsyncGenerator[RunNews, None]:
        """Tell of runs that begin to wait; an empty cursor means from now.

        Raises CursorExpired.
        """

    def watch_sessions(self, namespace: str, cursor: str) -> AsyncGenerator[SessionNews, None]:
        """Tell of sessions that open or end. Raises CursorExpired."""
