"""What may be done with work pools and their queues."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from penstock.errors import (
    NotSupportedYet,
    WorkPoolExists,
    WorkQueueExists,
    WorkQueueNotFound,
)
from penstockd.scheduler.rules.work_pool import (
    POOL_TYPES,
    WorkPool,
    WorkPoolFilter,
    WorkQueue,
    new_pool,
    unknown_queue,
)
from penstockd.scheduler.store import Answer, Intent, Store, Transaction


class WorkPools:
    def __init__(
        self, store: Store, clock: Callable[[], datetime], *, new_id: Callable[[], UUID]
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id

    async def create(
        self,
        intent: Intent,
        *,
        name: str,
        pool_type: str,
        description: str,
        render: Callable[[WorkPool], bytes],
    ) -> Answer:
        """Raises NotSupportedYet and WorkPoolExists."""
        if pool_type not in POOL_TYPES:
            known = ", ".join(sorted(POOL_TYPES))
            raise NotSupportedYet(
                f"no executor starts runs of the type {pool_type!r} yet: use {known}",
                field="pool_type",
            )
        pool = new_pool(
            intent.namespace, name, pool_type, id_=self._new_id(), at=self._clock(),
            description=description,
        )  # fmt: skip

        async def work(tx: Transaction) -> Answer:
            async def created() -> bytes:
                if not await tx.work_pools.insert(pool):
                    raise WorkPoolExists(
                        f"work pool {name!r} already exists: use it, or choose another name",
                        work_pool=name,
                    )
                return render(pool)

            return await tx.once(intent, created)

        return await self._store.write(work)

    async def create_queue(
        self,
        intent: Intent,
        *,
        work_pool: UUID | str,
        name: str,
        priority: int,
        render: Callable[[WorkPool], bytes],
    ) -> Answer:
        """Raises WorkPoolNotFound and WorkQueueExists."""
        queue = WorkQueue(name=name, priority=priority, create_time=self._clock())

        async def work(tx: Transaction) -> Answer:
            async def created() -> bytes:
                pool = await tx.work_pools.get(intent.namespace, work_pool)
                if not await tx.work_pools.add_queue(pool, queue):
                    raise WorkQueueExists(
                        f"work pool {pool.name!r} already has a queue {name!r}: use it, or "
                        "choose another name",
                        work_pool=pool.name,
                        work_queue=name,
                    )
                return render(await tx.work_pools.get(intent.namespace, pool.name))

            return await tx.once(intent, created)

        return await self._store.write(work)

    async def get(self, namespace: str, ref: UUID | str) -> WorkPool:
        """Raises WorkPoolNotFound."""
        return await self._store.read(lambda tx: tx.work_pools.get(namespace, ref))

    async def page(
        self, namespace: str, wanted: WorkPoolFilter, *, after: str, limit: int
    ) -> Sequence[WorkPool]:
        return await self._store.read(
            lambda tx: tx.work_pools.page(namespace, wanted, after=after, limit=limit)
        )


def require_queues(pool: WorkPool, names: Sequence[str]) -> None:
    """Raises WorkQueueNotFound."""
    if (name := unknown_queue(pool, names)) is not None:
        known = ", ".join(queue.name for queue in pool.work_queues)
        raise WorkQueueNotFound(
            f"work pool {pool.name!r} has no queue {name!r}: create it, or use one of {known}",
            work_pool=pool.name,
            work_queue=name,
        )
