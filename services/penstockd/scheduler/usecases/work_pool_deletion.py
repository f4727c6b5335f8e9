"""Work pools and queues are deleted once nobody uses them."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from penstock.errors import FieldViolation, InvalidArgument, ResourceInUse
from penstockd.scheduler.peers import RunsOf, StateService
from penstockd.scheduler.rules.run_spec import DEFAULT_QUEUE
from penstockd.scheduler.rules.work_pool import Users, WorkPool
from penstockd.scheduler.store import Answer, Intent, Store, Transaction
from penstockd.scheduler.usecases.work_pool import require_queues

Render = Callable[[WorkPool], bytes]


class WorkPoolDeletions:
    def __init__(self, store: Store, state: StateService) -> None:
        self._store = store
        self._state = state

    async def delete(self, intent: Intent, ref: UUID | str, *, render: Render) -> Answer:
        """Render the pool as it was. Raises WorkPoolNotFound and ResourceInUse."""
        known = await self._look(intent, ref)
        if isinstance(known, Answer):
            return known
        runs = await self._runs(known, "")

        async def work(tx: Transaction) -> Answer:
            async def deleted() -> bytes:
                pool = await tx.work_pools.lock(intent.namespace, known.id)
                await _require_unused(tx, pool, "", runs)
                await tx.workers.forget(pool.namespace, pool.name)
                await tx.work_pools.delete(pool)
                return render(pool)

            return await tx.once(intent, deleted)

        return await self._store.write(work)

    async def delete_queue(
        self, intent: Intent, ref: UUID | str, name: str, *, render: Render
    ) -> Answer:
        """Render the pool without the queue.

        Raises InvalidArgument, WorkPoolNotFound, WorkQueueNotFound and ResourceInUse.
        """
        if name == DEFAULT_QUEUE:
            why = f"the queue {DEFAULT_QUEUE!r} is only deleted together with its pool"
            violation = FieldViolation(field="name", description=why)
            raise InvalidArgument(f"name: {why}", violation, field="name")
        known = await self._look(intent, ref)
        if isinstance(known, Answer):
            return known
        require_queues(known, [name])
        runs = await self._runs(known, name)

        async def work(tx: Transaction) -> Answer:
            async def deleted() -> bytes:
                pool = await tx.work_pools.lock(intent.namespace, known.id)
                require_queues(pool, [name])
                await _require_unused(tx, pool, name, runs)
                await tx.work_pools.delete_queue(pool, name)
                return render(await tx.work_pools.get(intent.namespace, pool.name))

            return await tx.once(intent, deleted)

        return await self._store.write(work)

    async def _look(self, intent: Intent, ref: UUID | str) -> Answer | WorkPool:
        async def look(tx: Transaction) -> Answer | WorkPool:
            answer = await tx.answer_to(intent)
            return answer or await tx.work_pools.get(intent.namespace, ref)

        return await self._store.read(look)

    async def _runs(self, pool: WorkPool, queue: str) -> Users:
        """New ones come from deployments, which are counted under the lock of the pool."""
        of = RunsOf(work_pool=pool.name, work_queue=queue)
        return Users(flow_runs=await self._state.count_unended(pool.namespace, of))


async def _require_unused(tx: Transaction, pool: WorkPool, queue: str, runs: Users) -> None:
    users = replace(
        runs,
        live_workers=await tx.workers.count_alive(
            pool.namespace, work_pool=pool.name, work_queue=queue
        ),
        deployments=await tx.deployments.count(
            pool.namespace, work_pool=pool.name, work_queue=queue
        ),
    )
    if users.some:
        what = f"the queue {queue!r} of work pool" if queue else "work pool"
        raise ResourceInUse(
            f"{what} {pool.name!r} is used by {users}: end or delete these first",
            **{name: str(count) for name, count in users.some.items()},
        )
