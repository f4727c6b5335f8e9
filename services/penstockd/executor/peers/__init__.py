"""What the executor asks of the scheduler and of state, in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from penstockd.executor.rules.log_line import LogLine
from penstockd.executor.rules.work import LeaseRef, Work

PROTOCOL_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What this executor says of itself.

    `execution_address` is where others reach its ExecutionService; empty when it is not told.
    """

    namespace: str
    name: str
    work_pool: str
    work_queues: tuple[str, ...]
    slots: int
    execution_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the server dictates."""

    ttl: timedelta
    renew_interval: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One question for work; it is repeated as it is until it was answered."""

    request_id: UUID
    worker_id: UUID
    slots: int
    wait: timedelta


class Progress(StrEnum):
    """How far the executor is with one lease."""

    ACKNOWLEDGED = "ACKNOWLEDGED"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    lease: LeaseRef
    progress: Progress


class Ruling(StrEnum):
    """What must be done with one lease."""

    OK = "OK"
    CANCEL = "CANCEL"
    PAUSE = "PAUSE"
    LOST = "LOST"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseVerdict:
    """With CANCEL: `grace` is what the user's code has from terminate to kill."""

    lease_id: UUID
    ruling: Ruling
    message: str
    grace: timedelta | None


class Result(StrEnum):
    """What became of a lease."""

    ENDED = "ENDED"
    CANCELLED = "CANCELLED"
    GIVEN_BACK = "GIVEN_BACK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    lease: LeaseRef
    result: Result
    message: str


class Scheduler(Protocol):
    async def pool_type(self, work_pool: str) -> str:
        """Return what the pool's workers start. Raises WorkPoolNotFound, Unavailable."""

    async def register(self, worker_id: UUID, manifest: Manifest) -> Terms:
        """Make the worker known. Raises WorkPoolNotFound, WorkQueueNotFound, Unavailable."""

    async def acquire(self, poll: Poll) -> Sequence[Work]:
        """Wait for work. Raises WorkerSessionNotFound, Unavailable."""


class Leases(Protocol):
    async def renew(
        self, session_id: UUID, reports: Sequence[Report], *, wait: timedelta
    ) -> Sequence[LeaseVerdict]:
        """Renew all, and park so long. Raises WorkerSessionNotFound, Unavailable."""

    async def complete(self, outcomes: Sequence[Outcome]) -> Sequence[UUID]:
        """Give leases back; return those that were answered, lost or not."""

    async def ended_by_itself(self, flow_run_id: UUID, fence: int) -> bool:
        """Tell whether the run ended under this fence: then its own child said so."""

    async def close_session(self, session_id: UUID) -> None:
        """End the session in good order."""


class Logs(Protocol):
    async def append(self, flow_run_id: UUID, lease: LeaseRef, lines: Sequence[LogLine]) -> int:
        """Return the offset up to which lines are kept. Raises LeaseLost, Unavailable."""
