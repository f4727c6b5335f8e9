"""What a work pool is, which of its queues a worker serves in which order, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from penstockd.scheduler.rules.run_spec import DEFAULT_QUEUE

DEFAULT_PRIORITY = 1
# The types of pools whose runs an executor can start.
POOL_TYPES = frozenset({"process"})


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
    pool_type: str
    description: str
    work_queues: tuple[WorkQueue, ...]
    live_workers: int
    create_time: datetime
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPoolFilter:
    """Keeps the pools to which all that is set applies; of several values, any."""

    names: tuple[str, ...] = ()
    pool_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """Who keeps a pool or a queue from being deleted. Runs are those that have not ended."""

    live_workers: int = 0
    deployments: int = 0
    flow_runs: int = 0

    @property
    def some(self) -> dict[str, int]:
        counts = {
            "live_workers": self.live_workers,
            "deployments": self.deployments,
            "flow_runs": self.flow_runs,
        }
        return {name: count for name, count in counts.items() if count}

    def __str__(self) -> str:
        return ", ".join(
            f"{name.replace('_', ' ')} ({count})" for name, count in self.some.items()
        )


def unknown_queue(pool: WorkPool, names: Sequence[str]) -> str | None:
    """Return the first name that is no queue of the pool."""
    known = {queue.name for queue in pool.work_queues}
    return next((name for name in names if name not in known), None)


def queues_served(pool: WorkPool, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the queues to claim from, the most urgent first; nothing wanted means all."""
    names = (queue.name for queue in pool.work_queues)
    return tuple(name for name in names if not wanted or name in wanted)


def new_pool(
    namespace: str, name: str, pool_type: str, *, id_: UUID, at: datetime, description: str
) -> WorkPool:
    """Return a pool that has the queue of everybody who names none."""
    queue = WorkQueue(name=DEFAULT_QUEUE, priority=DEFAULT_PRIORITY, create_time=at)
    return WorkPool(
        namespace=namespace,
        id=id_,
        name=name,
        pool_type=pool_type,
        description=description,
        work_queues=(queue,),
        live_workers=0,
        create_time=at,
        revision=1,
    )
