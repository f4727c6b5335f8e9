"""What the executor asks of the scheduler and of state, in its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from penstockd.executor.rules.log_line import LogBatch
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
class Poll:
    """One request for work, retried unchanged until it is answered."""

    request_id: UUID
    worker_id: UUID
    slots: int
    wait: timedelta


class LeasePhase(StrEnum):
    """How far the executor is with one lease."""

    ACKNOWLEDGED = "ACKNOWLEDGED"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    lease: LeaseRef
    phase: LeasePhase


class Ruling(StrEnum):
    """What must be done with one lease."""

    OK = "OK"
    CANCEL = "CANCEL"
    LOST = "LOST"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseVerdict:
    """With CANCEL: `grace` is what the user's code has from terminate to kill."""

    lease_id: UUID
    ruling: Ruling
    message: str
    grace: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the pool's workers start, what the server dictates, and how it rules."""

    pool_type: str
    renew_interval: timedelta
    verdicts: Sequence[LeaseVerdict] = ()


class OutcomeKind(StrEnum):
    """What became of a lease."""

    ENDED = "ENDED"
    CANCELLED = "CANCELLED"
    GIVEN_BACK = "GIVEN_BACK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """With ENDED: `error_type` is that of the run's failure, if its child left no end.

    `interrupted`: if the run had not begun, it may begin elsewhere.
    """

    lease: LeaseRef
    kind: OutcomeKind
    message: str
    error_type: str = ""
    interrupted: bool = False


class Scheduler(Protocol):
    async def register(self, worker_id: UUID, held: Sequence[Report]) -> Registered:
        """Make the worker known, with all leases that it holds.

        Raises WorkPoolNotFound, WorkQueueNotFound, WorkerSessionClosed, Unavailable.
        """

    async def acquire(self, poll: Poll) -> Sequence[Work]:
        """Wait for work. Raises WorkerSessionNotFound, Unavailable."""


class Leases(Protocol):
    async def renew(
        self, session_id: UUID, reports: Sequence[Report], *, wait: timedelta
    ) -> Sequence[LeaseVerdict]:
        """Renew all, and park so long. Raises WorkerSessionNotFound, Unavailable."""

    async def complete(self, outcomes: Sequence[Outcome]) -> Mapping[UUID, str]:
        """Give leases back; return the name of the state in which each left its run.

        It is empty for a lease that was lost before.
        """

    async def close_session(self, session_id: UUID) -> None:
        """End the session in good order."""


class Logs(Protocol):
    async def append(self, work: Work, batch: LogBatch) -> int:
        """Return the offset up to which lines are kept.

        With the last ones the whole log ends: the child, which is gone by then, writes no more.
        Raises LeaseLost, SequenceGap, Unavailable.
        """
