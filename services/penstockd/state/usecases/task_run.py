"""What the tasks of a flow run do, to be read."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from penstockd.state.rules.task_run import TaskRun
from penstockd.state.rules.task_run_filter import TaskRunFilter
from penstockd.state.store import Store, Transaction


class TaskRuns:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, namespace: str, task_run_id: UUID) -> tuple[str, TaskRun]:
        """Return the cursor from which to watch, and the task run. Raises TaskRunNotFound."""

        async def work(tx: Transaction) -> tuple[str, TaskRun]:
            cursor = await tx.cursor()
            return cursor, await tx.task_runs.load(namespace, task_run_id)

        return await self._store.read(work)

    async def page(
        self,
        namespace: str,
        flow_run_id: UUID,
        wanted: TaskRunFilter,
        *,
        after: int,
        limit: int,
    ) -> tuple[str, list[TaskRun]]:
        """Return the cursor from which to watch, and the task runs."""

        async def work(tx: Transaction) -> tuple[str, list[TaskRun]]:
            cursor = await tx.cursor()
            return cursor, await tx.task_runs.page(
                namespace, flow_run_id, wanted, after=after, limit=limit
            )

        return await self._store.read(work)

    def watch(
        self, namespace: str, flow_run_id: UUID, wanted: TaskRunFilter, *, cursor: str
    ) -> AsyncIterator[tuple[str, Sequence[TaskRun]]]:
        """Yield task runs as they are, whenever they changed.

        Raises CursorInvalid and CursorExpired.
        """

        async def read(tx: Transaction, after: str) -> tuple[str, Sequence[TaskRun] | None]:
            return await tx.task_runs.changed(namespace, flow_run_id, wanted, cursor=after)

        return self._store.follow(read, cursor, namespace=namespace, flow_run_id=flow_run_id)
