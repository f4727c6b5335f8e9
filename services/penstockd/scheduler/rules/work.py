"""A hand-out: what a worker gets of a run, and how requests follow from one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

# The state service cuts a hand-out by bytes too, so that it fits into one message.
MOST_AT_ONCE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A run that was claimed for a worker.

    `lease` and `spec` are messages that nobody reads here; `traceparent` goes before that of
    the lease.
    """

    flow_run_id: UUID
    flow_run_name: str
    deployment_id: UUID | None
    deployment_version: int
    traceparent: str
    lease: bytes
    spec: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a worker can take now, the most urgent queue first."""

    namespace: str
    session_id: UUID
    work_pool: str
    work_queues: tuple[str, ...]
    programs: tuple[str, ...]
    handlers: tuple[str, ...]
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """When nothing was due: how long until something will be, if that is known."""

    works: Sequence[Work]
    next_due: timedelta | None = None


def limit_of(slots: int) -> int:
    return min(slots, MOST_AT_ONCE)


def derived(request_id: UUID, *parts: object) -> UUID:
    """Return the id of a request that follows from another one, the same on every retry."""
    return uuid5(request_id, "\n".join(map(str, parts)))
