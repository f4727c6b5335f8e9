"""The SQL implementation: task runs, to be read. Their flow run's journal writes them."""

from collections.abc import Sequence
from uuid import UUID

from penstock.errors import TaskRunNotFound
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Interest, Outbox
from penstockd.state.rules.task_run import TaskRun, fence_and_sequence
from penstockd.state.rules.task_run_filter import ALL_TASK_RUNS, TaskRunFilter, matches
from penstockd.state.store import journal, journal_wire
from penstockd.state.store.rows.task_run import task_run_of
from penstockd.state.store.statement_texts import task_run as texts
from penstockd.state.store.statement_texts.journal import BATCHES

# A batch of a journal names up to a thousand task runs.
BATCHES_AT_ONCE = 4


class SqlTaskRunStore:
    def __init__(self, sql: Sql, outbox: Outbox) -> None:
        self._sql = sql
        self._outbox = outbox

    async def load(self, namespace: str, task_run_id: UUID) -> TaskRun:
        row = await self._sql.one(texts.TASK_RUN, namespace=namespace, id=task_run_id)
        if row is None:
            raise TaskRunNotFound(
                f"no task run {task_run_id} in {namespace}: it may not be recorded yet",
                task_run_id=str(task_run_id),
            )
        return task_run_of(row)

    async def page(
        self,
        namespace: str,
        flow_run_id: UUID,
        wanted: TaskRunFilter,
        *,
        after: int,
        limit: int,
    ) -> list[TaskRun]:
        if wanted != ALL_TASK_RUNS:
            return await self._filtered(namespace, flow_run_id, wanted, after, limit)
        rows = await self._sql.all(
            texts.TASK_RUNS,
            namespace=namespace,
            flow_run_id=flow_run_id,
            after=after,
            limit=limit,
        )
        return [task_run_of(row) for row in rows]

    async def changed(
        self, namespace: str, flow_run_id: UUID, wanted: TaskRunFilter, *, cursor: str
    ) -> tuple[str, Sequence[TaskRun] | None]:
        interest = Interest(namespace=namespace, kinds=(journal.KIND,), scope_id=flow_run_id)
        cursor, changes = await self._outbox.after(
            self._sql, cursor, interest, limit=BATCHES_AT_ONCE
        )
        if not changes:
            return cursor, ()
        kept = [it for it in await self._as_they_are(changes) if matches(it, wanted)]
        return cursor, kept if kept or len(changes) < BATCHES_AT_ONCE else None

    async def left_open(
        self, namespace: str, flow_run_id: UUID, *, limit: int
    ) -> list[TaskRun]:
        rows = await self._sql.all(
            texts.OPEN_TASK_RUNS, namespace=namespace, flow_run_id=flow_run_id, limit=limit
        )
        return [task_run_of(row) for row in rows]

    async def _as_they_are(self, changes: Sequence[Change]) -> list[TaskRun]:
        """Return the task runs of batches, in the order of their last entries."""
        first = changes[0]
        fence, sequence = fence_and_sequence(first.seq)
        batches = await self._sql.all(
            BATCHES,
            namespace=first.namespace,
            flow_run_id=first.resource_id,
            fence=fence,
            first_sequence=sequence,
            limit=len(changes),
        )
        mentioned = [
            it
            for batch in batches
            for it in journal_wire.task_runs_named(batch["entries"], batch["count"])
        ]
        order = list(dict.fromkeys(reversed(mentioned)))[::-1]
        rows = await self._sql.all(texts.TASK_RUNS_BY_ID, namespace=first.namespace, ids=order)
        found = {row["id"]: task_run_of(row) for row in rows}
        # Of a run that was deleted there is nothing to tell.
        return [found[it] for it in order if it in found]

    async def _filtered(
        self,
        namespace: str,
        flow_run_id: UUID,
        wanted: TaskRunFilter,
        after: int,
        limit: int,
    ) -> list[TaskRun]:
        # SQLAlchemy is loaded for lists with a filter alone.
        from penstockd.state.store.task_run_filters import task_runs

        rows = await self._sql.select(
            lambda: task_runs(namespace, flow_run_id, wanted, after=after, limit=limit)
        )
        return [task_run_of(row) for row in rows]
