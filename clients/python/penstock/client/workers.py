"""Workers: processes that take runs from a work pool."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from penstock.api.scheduler.v1.worker_pb2 import WorkerFilter
from penstock.api.scheduler.v1.worker_service_pb2 import ListWorkersRequest
from penstock.api.scheduler.v1.worker_service_pb2_grpc import WorkerServiceStub
from penstock.client.connection import Connection
from penstock.client.pages import rows_of_pages
from penstock.client.rows import Row
from penstock.client.work_pools import WorkPools


class Workers:
    """Asks the scheduler about workers."""

    def __init__(self, connection: Connection) -> None:
        self._stub = WorkerServiceStub(connection.scheduler)
        self._namespace = connection.namespace
        self._pools = connection.part(WorkPools)

    async def of_pool(self, pool: str, *, alive_only: bool) -> AsyncIterator[list[Row]]:
        """Yield the workers of a pool in pages, newest first.

        Raises:
            WorkPoolNotFound: there is no such pool.
        """
        # A list of workers of no pool would be empty, and say nothing of the mistake.
        await self._pools.get(pool)
        async for page in self.all(alive_only=alive_only, pools=[pool]):
            yield page

    async def named(self, session_ids: Sequence[str]) -> dict[str, str]:
        """Return what those of these sessions that are workers are called, by session."""
        request = ListWorkersRequest(
            namespace=self._namespace, filter=WorkerFilter(worker_ids=session_ids)
        )
        found: dict[str, str] = {}
        async for page in rows_of_pages(
            self._stub.ListWorkers, request, lambda reply: reply.workers
        ):
            found |= {worker["id"]: worker["manifest"]["name"] for worker in page}
        return found

    def all(self, *, alive_only: bool, pools: Sequence[str] = ()) -> AsyncIterator[list[Row]]:
        """Yield the workers of these pools, or of all, in pages, newest first."""
        request = ListWorkersRequest(
            namespace=self._namespace,
            filter=WorkerFilter(work_pools=pools, alive_only=alive_only),
        )
        return rows_of_pages(self._stub.ListWorkers, request, lambda page: page.workers)
