"""Work pools: where runs of deployments wait for workers."""

from __future__ import annotations

from collections.abc import AsyncIterator

from penstock.api.scheduler.v1.work_pool_pb2 import WorkPoolRef
from penstock.api.scheduler.v1.work_pool_service_pb2 import (
    CreateWorkPoolRequest,
    CreateWorkQueueRequest,
    DeleteWorkPoolRequest,
    DeleteWorkQueueRequest,
    GetWorkPoolRequest,
    ListWorkPoolsRequest,
)
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceStub
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.client.pages import rows_of_pages
from penstock.client.rows import Row, row_of
from penstock.ground.ids import new_id


class WorkPools:
    """Asks the scheduler about work pools."""

    def __init__(self, connection: Connection) -> None:
        self._stub = WorkPoolServiceStub(connection.scheduler)
        self._namespace = connection.namespace

    def all(self) -> AsyncIterator[list[Row]]:
        """Yield every pool, in pages."""
        request = ListWorkPoolsRequest(namespace=self._namespace)
        return rows_of_pages(self._stub.ListWorkPools, request, lambda page: page.work_pools)

    async def get(self, name: str) -> Row:
        """Return a pool.

        Raises:
            WorkPoolNotFound: there is none of this name.
        """
        request = GetWorkPoolRequest(
            namespace=self._namespace, work_pool=WorkPoolRef(name=name)
        )
        return row_of((await ask(self._stub.GetWorkPool, request)).work_pool)

    async def create(self, name: str, *, pool_type: str, description: str) -> Row:
        """Make a pool, and return it."""
        request = CreateWorkPoolRequest(
            request_id=new_id(),
            namespace=self._namespace,
            name=name,
            pool_type=pool_type,
            description=description,
        )
        return row_of((await ask(self._stub.CreateWorkPool, request)).work_pool)

    async def delete(self, name: str) -> Row:
        """Delete a pool, and return it as it was."""
        request = DeleteWorkPoolRequest(
            request_id=new_id(), namespace=self._namespace, work_pool=WorkPoolRef(name=name)
        )
        return row_of((await ask(self._stub.DeleteWorkPool, request)).work_pool)

    async def create_queue(self, pool: str, name: str, *, priority: int) -> Row:
        """Make a queue in a pool, and return the pool."""
        request = CreateWorkQueueRequest(
            request_id=new_id(),
            namespace=self._namespace,
            work_pool=WorkPoolRef(name=pool),
            name=name,
            priority=priority,
        )
        return row_of((await ask(self._stub.CreateWorkQueue, request)).work_pool)

    async def delete_queue(self, pool: str, name: str) -> Row:
        """Delete a queue of a pool, and return the pool."""
        request = DeleteWorkQueueRequest(
            request_id=new_id(),
            namespace=self._namespace,
            work_pool=WorkPoolRef(name=pool),
            name=name,
        )
        return row_of((await ask(self._stub.DeleteWorkQueue, request)).work_pool)
