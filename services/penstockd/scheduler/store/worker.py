"""The SQL implementation: what workers said of themselves, and whether they are alive."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from penstockd.database import Sql
from penstockd.scheduler.rules.worker import Worker, WorkerFilter, WorkerManifest
from penstockd.scheduler.store.statement_texts import worker as texts


class SqlWorkerStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def get(self, namespace: str, worker_id: UUID) -> Worker | None:
        row = await self._sql.one(texts.WORKER, namespace=namespace, id=worker_id)
        return None if row is None else _worker(row)

    async def save(self, worker: Worker) -> None:
        manifest = worker.manifest
        await self._sql.run(
            texts.SAVE_WORKER,
            namespace=worker.namespace,
            id=worker.id,
            name=manifest.name,
            work_pool=manifest.work_pool,
            work_queues=manifest.work_queues,
            slots=manifest.slots,
            protocol_version=manifest.protocol_version,
            programs=manifest.programs,
            handlers=manifest.handlers,
            execution_address=manifest.execution_address,
            alive=worker.alive,
            create_time=worker.create_time,
        )

    async def page(
        self,
        namespace: str,
        wanted: WorkerFilter,
        *,
        before: tuple[datetime, UUID],
        limit: int,
    ) -> Sequence[Worker]:
        before_time, before_id = before
        rows = await self._sql.all(
            texts.WORKERS,
            namespace=namespace,
            worker_ids=wanted.worker_ids,
            work_pools=wanted.work_pools,
            alive_only=wanted.alive_only,
            before_time=before_time,
            before_id=before_id,
            limit=limit,
        )
        return [_worker(row) for row in rows]

    async def count_alive(self, namespace: str, *, work_pool: str, work_queue: str) -> int:
        row = await self._sql.one(
            texts.COUNT_LIVE_WORKERS,
            namespace=namespace,
            work_pool=work_pool,
            work_queues=[work_queue] if work_queue else [],
        )
        return int(row["count"]) if row else 0

    async def set_alive(self, namespace: str, alive: dict[UUID, bool]) -> None:
        rows = [
            {"namespace": namespace, "worker_id": worker_id, "now_alive": is_alive}
            for worker_id, is_alive in sorted(alive.items())
        ]
        if rows:
            await self._sql.run_many(texts.SET_ALIVE, rows)

    async def hold_all_dead(self, namespace: str) -> None:
        await self._sql.run(texts.SET_ALL_DEAD, namespace=namespace)

    async def forget(self, namespace: str, work_pool: str) -> None:
        await self._sql.run(
            texts.DELETE_WORKERS_OF_POOL, namespace=namespace, work_pool=work_pool
        )

    async def namespaces(self) -> Sequence[str]:
        return [row["namespace"] for row in await self._sql.all(texts.WORKER_NAMESPACES)]


def _worker(row: dict[str, Any]) -> Worker:
    manifest = WorkerManifest(
        name=row["name"],
        work_pool=row["work_pool"],
        work_queues=tuple(row["work_queues"]),
        slots=row["slots"],
        protocol_version=row["protocol_version"],
        programs=tuple(row["programs"]),
        handlers=tuple(row["handlers"]),
        execution_address=row["execution_address"],
    )
    return Worker(
        namespace=row["namespace"],
        id=row["id"],
        manifest=manifest,
        alive=row["alive"],
        create_time=row["create_time"],
    )
