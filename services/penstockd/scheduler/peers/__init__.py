"""What the scheduler asks of the state service, in domain words."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from penstockd.scheduler.rules.launch import LaunchSpec
from penstockd.scheduler.rules.work import Claimed, Demand
from penstockd.scheduler.rules.worker import SessionTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run of a deployment. The parameters are a JSON object."""

    namespace: str
    flow_name: str
    flow_version: str
    name: str
    parameters: str
    tags: tuple[str, ...]
    deployment_id: UUID
    deployment_version: int
    launch: LaunchSpec
    work_pool: str
    work_queue: str
    expected_start_time: datetime | None
    max_retries: int
    retry_delays: tuple[timedelta, ...]
    idempotency_key: str
    traceparent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRun:
    """A run that waits for a worker of its queue; it may be due later."""

    id: UUID
    revision: int
    work_pool: str
    work_queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedRun:
    """`waiting` is none if another call made the run long ago, and it no longer waits."""

    id: UUID
    name: str
    deployment_version: int
    waiting: WaitingRun | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunNews:
    cursor: str
    waiting: Sequence[WaitingRun]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionNews:
    """Which sessions are alive, by id."""

    cursor: str
    alive: Mapping[UUID, bool]


class State(Protocol):
    """Every call raises Unavailable while the state service cannot be reached."""

    async def open_session(self, namespace: str, session_id: UUID) -> SessionTerms:
        """Open an executor's session, or find it open."""

    async def create_run(self, run: NewRun, *, request_id: UUID) -> CreatedRun:
        """Make the run, once per idempotency key."""

    async def claim(self, demand: Demand, *, request_id: UUID) -> Claimed:
        """Claim due runs. Raises WorkerSessionNotFound."""

    def watch_runs(self, namespace: str, cursor: str) -> AsyncGenerator[RunNews, None]:
        """Tell of runs that begin to wait; an empty cursor means from now.

        Raises CursorExpired.
        """

    def watch_sessions(self, namespace: str, cursor: str) -> AsyncGenerator[SessionNews, None]:
        """Tell of sessions that open or end. Raises CursorExpired."""
