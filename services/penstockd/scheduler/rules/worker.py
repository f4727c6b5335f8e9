"""What a worker is and says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

PROTOCOL_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerManifest:
    """No work queues means all of the pool."""

    name: str
    work_pool: str
    slots: int
    work_queues: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    protocol_version: int = PROTOCOL_VERSION
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Its session with the state service has the same id, and says whether it is alive."""

    namespace: str
    id: UUID
    manifest: WorkerManifest
    alive: bool
    create_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTerms:
    """How a worker must show that it lives; the state service dictates them."""

    alive: bool
    ttl: timedelta
    renew_interval: timedelta
    ack_deadline: timedelta
