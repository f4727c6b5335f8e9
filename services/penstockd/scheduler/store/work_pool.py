"""The SQL implementation: work pools and their queues."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from penstock.errors import WorkPoolNotFound
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.scheduler.rules.work_pool import WorkPool, WorkPoolFilter, WorkQueue
from penstockd.scheduler.store.statement_texts import work_pool as texts


class SqlWorkPoolStore:
    def __init__(self, sql: Sql, outbox: Outbox, *, now: datetime) -> None:
        self._sql = sql
        self._outbox = outbox
        self._now = now

    async def get(self, namespace: str, ref: UUID | str) -> WorkPool:
        if isinstance(ref, UUID):
            row = await self._sql.one(texts.WORK_POOL_BY_ID, namespace=namespace, id=ref)
            found_by = "`penstock pool ls` lists them"
        else:
            row = await self._sql.one(texts.WORK_POOL, namespace=namespace, name=ref)
            found_by = f"create it with `penstock pool create {ref}`"
        if row is None:
            raise WorkPoolNotFound(
                f"no work pool {str(ref)!r} in {namespace}: {found_by}", work_pool=str(ref)
            )
        (pool,) = await self._with_queues(namespace, [row])
        return pool

    async def keep(self, namespace: str, name: str) -> WorkPool:
        await self._sql.one(texts.KEEP_WORK_POOL, namespace=namespace, name=name)
        return await self.get(namespace, name)

    async def lock(self, namespace: str, ref: UUID | str) -> WorkPool:
        pool = await self.get(namespace, ref)
        await self._sql.one(texts.LOCK_WORK_POOL, namespace=namespace, name=pool.name)
        return await self.get(namespace, pool.name)

    async def insert(self, pool: WorkPool) -> bool:
        inserted = await self._sql.run(
            texts.INSERT_WORK_POOL,
            namespace=pool.namespace,
            name=pool.name,
            id=pool.id,
            pool_type=pool.pool_type,
            description=pool.description,
            create_time=pool.create_time,
            revision=pool.revision,
        )
        if not inserted:
            return False
        for queue in pool.work_queues:
            await self._insert_queue(pool, queue)
        await self._tell(pool, pool.revision)
        return True

    async def add_queue(self, pool: WorkPool, queue: WorkQueue) -> bool:
        # First, because it makes others wait who add to the same pool.
        await self._sql.run(
            texts.TOUCH_WORK_POOL, namespace=pool.namespace, work_pool=pool.name
        )
        if not await self._insert_queue(pool, queue):
            return False
        touched = await self.get(pool.namespace, pool.name)
        await self._tell(pool, touched.revision)
        return True

    async def delete(self, pool: WorkPool) -> None:
        key = {"namespace": pool.namespace, "work_pool": pool.name}
        await self._sql.run(texts.DELETE_WORK_QUEUES, **key)
        await self._sql.run(texts.DELETE_WORK_POOL, namespace=pool.namespace, name=pool.name)
        await self._tell(pool, pool.revision + 1)

    async def delete_queue(self, pool: WorkPool, name: str) -> None:
        key = {"namespace": pool.namespace, "work_pool": pool.name}
        await self._sql.run(texts.TOUCH_WORK_POOL, **key)
        await self._sql.run(texts.DELETE_WORK_QUEUE, **key, name=name)
        await self._tell(pool, pool.revision + 1)

    async def page(
        self, namespace: str, wanted: WorkPoolFilter, *, after: str, limit: int
    ) -> Sequence[WorkPool]:
        rows = await self._sql.all(
            texts.WORK_POOLS,
            namespace=namespace,
            names=wanted.names,
            pool_types=wanted.pool_types,
            after_name=after,
            limit=limit,
        )
        return await self._with_queues(namespace, rows)

    async def _with_queues(
        self, namespace: str, rows: Sequence[dict[str, Any]]
    ) -> list[WorkPool]:
        found = await self._sql.all(
            texts.WORK_QUEUES,
            namespace=namespace,
            work_pools=[row["name"] for row in rows],
        )
        queues: dict[str, list[WorkQueue]] = {row["name"]: [] for row in rows}
        for row in found:
            queue = WorkQueue(
                name=row["name"], priority=row["priority"], create_time=row["create_time"]
            )
            queues[row["work_pool"]].append(queue)
        return [WorkPool(**row, work_queues=tuple(queues[row["name"]])) for row in rows]

    async def _insert_queue(self, pool: WorkPool, queue: WorkQueue) -> bool:
        inserted = await self._sql.run(
            texts.INSERT_WORK_QUEUE,
            namespace=pool.namespace,
            work_pool=pool.name,
            name=queue.name,
            priority=queue.priority,
            create_time=queue.create_time,
        )
        return bool(inserted)

    async def _tell(self, pool: WorkPool, revision: int) -> None:
        change = Change(
            namespace=pool.namespace,
            kind="work_pool",
            resource_id=pool.id,
            seq=revision,
            create_time=self._now,
        )
        await self._outbox.append(self._sql, [change])
