"""The SQL implementation: task runs, to be read. Their flow run's journal writes them."""

from uuid import UUID

from penstock.errors import TaskRunNotFound
from penstockd.database import Sql
from penstockd.state.rules.task_run import TaskRun
from penstockd.state.store.rows.task_run import task_run_of
from penstockd.state.store.statement_texts import task_run as texts


class SqlTaskRunStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def load(self, namespace: str, task_run_id: UUID) -> TaskRun:
        row = await self._sql.one(texts.TASK_RUN, namespace=namespace, id=task_run_id)
        if row is None:
            raise TaskRunNotFound(
                f"no task run {task_run_id} in {namespace}: it may not be journalled yet",
                task_run_id=str(task_run_id),
            )
        return task_run_of(row)

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> list[TaskRun]:
        rows = await self._sql.all(
            texts.TASK_RUNS,
            namespace=namespace,
            flow_run_id=flow_run_id,
            after=after,
            limit=limit,
        )
        return [task_run_of(row) for row in rows]

    async def left_open(
        self, namespace: str, flow_run_id: UUID, *, limit: int
    ) -> list[TaskRun]:
        rows = await self._sql.all(
            texts.OPEN_TASK_RUNS, namespace=namespace, flow_run_id=flow_run_id, limit=limit
        )
        return [task_run_of(row) for row in rows]
