"""What may be done with work pools and their queues."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from penstock.errors import WorkPoolExists, WorkQueueExists, WorkQueueNotFound
from penstockd.scheduler.rules.work_pool import WorkPool, WorkQueue, new_pool, unknown_queue
from penstockd.scheduler.store import Intent, Store, Transaction


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
        type_: str,
        description: str,
        render: Callable[[WorkPool], bytes],
    ) -> bytes:
        pool = new_pool(
            intent.namespace, name, type_, id_=self._new_id(), at=self._clock(),
            description=description,
        )  # fmt: skip

        async def work(tx: Transaction) -> bytes:
            async def created() -> bytes:
                if not await tx.work_pools.insert(pool):
                    raise WorkPoolExists(
                        f"work pool {name!r} exists: use it, or choose another name",
                        work_pool=name,
                    )
                return render(pool)

            return await tx.once(intent, created)

        return await self._store.write(work)

    async def create_queue(
        self,
        intent: Intent,
        *,
        work_pool: str,
        name: str,
        priority: int,
        render: Callable[[WorkPool], bytes],
    ) -> bytes:
        queue = WorkQueue(name=name, priority=priority, create_time=self._clock())

        async def work(tx: Transaction) -> bytes:
            async def created() -> bytes:
                pool = await tx.work_pools.get(intent.namespace, work_pool)
                if not await tx.work_pools.add_queue(pool, queue):
                    raise WorkQueueExists(
                        f"work pool {work_pool!r} has a queue {name!r}: use it, or choose "
                        "another name",
                        work_pool=work_pool,
                        work_queue=name,
                    )
                return render(await tx.work_pools.get(intent.namespace, work_pool))

            return await tx.once(intent, created)

        return await self._store.write(work)

    async def get(self, namespace: str, name: str) -> WorkPool:
        return await self._store.read(lambda tx: tx.work_pools.get(namespace, name))

    async def page(self, namespace: str, *, after: str, limit: int) -> Sequence[WorkPool]:
        return await self._store.read(
            lambda tx: tx.work_pools.page(namespace, after=after, limit=limit)
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
