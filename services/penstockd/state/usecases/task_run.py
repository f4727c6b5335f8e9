"""What the tasks of a flow run do, to be read."""

from collections.abc import AsyncIterator, Callable, Sequence
from uuid import UUID

from penstockd.state.rules.task_run import TaskRun
from penstockd.state.store import Store, Transaction


class TaskRuns:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, namespace: str, task_run_id: UUID) -> TaskRun:
        return await self._store.read(lambda tx: tx.task_runs.load(namespace, task_run_id))

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> tuple[str, list[TaskRun]]:
        """Return the cursor from which to watch, and the task runs."""

        async def work(tx: Transaction) -> tuple[str, list[TaskRun]]:
            cursor = await tx.cursor()
            return cursor, await tx.task_runs.page(
                namespace, flow_run_id, after=after, limit=limit
            )

        return await self._store.read(work)

    def watch(
        self,
        namespace: str,
        cursor: str,
        *,
        flow_run_id: UUID,
        unpack: Callable[[bytes], Sequence[UUID]],
    ) -> AsyncIterator[tuple[str, Sequence[TaskRun]]]:
        """`unpack` tells which task runs the packed entries of a batch name, in order."""
        return self._store.watch_task_runs(
            namespace, cursor, flow_run_id=flow_run_id, unpack=unpack
        )
