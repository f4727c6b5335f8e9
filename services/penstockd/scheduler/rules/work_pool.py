"""What a work pool is, and which of its queues a worker serves in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

DEFAULT_QUEUE = "default"
DEFAULT_PRIORITY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkQueue:
    name: str
    priority: int
    create_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPool:
    """`work_queues` are the most urgent first."""

    namespace: str
    id: UUID
    name: str
    type: str
    description: str
    work_queues: tuple[WorkQueue, ...]
    live_workers: int
    create_time: datetime
    revision: int


def unknown_queue(pool: WorkPool, names: Sequence[str]) -> str | None:
    """Return the first name that is no queue of the pool."""
    known = {queue.name for queue in pool.work_queues}
    return next((name for name in names if name not in known), None)


def queues_served(pool: WorkPool, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the queues to claim from, the most urgent first; nothing wanted means all."""
    names = (queue.name for queue in pool.work_queues)
    return tuple(name for name in names if not wanted or name in wanted)


def new_pool(
    namespace: str, name: str, type_: str, *, id_: UUID, at: datetime, description: str
) -> WorkPool:
    """Return a pool that has the queue of everybody who names none."""
    queue = WorkQueue(name=DEFAULT_QUEUE, priority=DEFAULT_PRIORITY, create_time=at)
    return WorkPool(
        namespace=namespace,
        id=id_,
        name=name,
        type=type_,
        description=description,
        work_queues=(queue,),
        live_workers=0,
        create_time=at,
        revision=1,
    )
