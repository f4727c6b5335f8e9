"""What a worker is and says of itself, and which ones somebody asks for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

PROTOCOL_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerManifest:
    """No work queues means all of the pool. Programs are "python" and "command"."""

    name: str
    work_pool: str
    slots: int
    work_queues: tuple[str, ...] = ()
    protocol_version: int = PROTOCOL_VERSION
    programs: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    execution_address: str = ""

    @property
    def startable(self) -> frozenset[str]:
        """Keys of the programs that it can start, as runs that wait name theirs."""
        return frozenset((*self.programs, *map(handler_key, self.handlers)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Its session with the state service has the same id, and says whether it is alive."""

    namespace: str
    id: UUID
    manifest: WorkerManifest
    alive: bool
    create_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFilter:
    """Keeps the workers to which all that is set applies; of several values, any."""

    worker_ids: tuple[UUID, ...] = ()
    work_pools: tuple[str, ...] = ()
    alive_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTerms:
    """How a worker must show that it lives; the state service dictates them.

    `verdicts` are messages, one for each lease held.
    """

    alive: bool
    ttl: timedelta
    renew_interval: timedelta
    ack_deadline: timedelta
    verdicts: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """`pool_type` is what the pool's workers start for a run."""

    terms: SessionTerms
    pool_type: str


def handler_key(name: str) -> str:
    return f"handler:{name}"
