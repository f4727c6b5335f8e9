"""The SQL implementation: journals, and the task runs that they write."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from penstock.errors import FlowRunNotFound, LeaseLost
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.state.rules.task_run import Folded, Known, Moved, place_of
from penstockd.state.store.ports.journal import Batch, JournalHead
from penstockd.state.store.rows.task_run import called_row, progress_of, progress_row
from penstockd.state.store.statement_texts import journal as texts

KIND = "journal"
Pack = Callable[[Sequence[Moved]], bytes]


class SqlJournalStore:
    """It runs seven statements for a batch, however many entries that has."""

    def __init__(self, sql: Sql, outbox: Outbox, pack: Pack) -> None:
        self._sql = sql
        self._outbox = outbox
        self.pack = pack

    async def head(self, namespace: str, flow_run_id: UUID) -> JournalHead:
        row = await self._sql.one(texts.JOURNAL_HEAD, namespace=namespace, id=flow_run_id)
        if row is None:
            raise FlowRunNotFound(
                f"no flow run {flow_run_id} in {namespace}", flow_run_id=str(flow_run_id)
            )
        return JournalHead(**row)

    async def known(self, namespace: str, task_run_ids: Sequence[UUID]) -> dict[UUID, Known]:
        rows = await self._sql.all(texts.KNOWN_TASK_RUNS, namespace=namespace, ids=task_run_ids)
        return {
            row["id"]: Known(flow_run_id=row["flow_run_id"], progress=progress_of(row))
            for row in rows
        }

    async def length_of(
        self, namespace: str, request_id: UUID
    ) -> tuple[UUID, int, bytes] | None:
        row = await self._sql.one(
            texts.BATCH_BY_REQUEST, namespace=namespace, request_id=request_id
        )
        if row is None:
            return None
        next_sequence = row["first_sequence"] + row["count"]
        return row["flow_run_id"], next_sequence, row["request_hash"]

    async def append(self, batch: Batch, folded: Folded, *, epoch: int, at: datetime) -> None:
        advanced = await self._sql.run(
            texts.ADVANCE_JOURNAL,
            namespace=batch.namespace,
            id=batch.flow_run_id,
            fence=batch.fence,
            next_sequence=batch.first_sequence + batch.count,
            opened=folded.opened,
        )
        if not advanced:
            raise LeaseLost("the run has another owner", flow_run_id=str(batch.flow_run_id))
        new, changed = _rows(batch, folded, epoch)
        if new:
            await self._sql.run_many(texts.INSERT_TASK_RUN, new)
        if changed:
            await self._sql.run_many(texts.SAVE_TASK_RUN, changed)
        await self._sql.run(
            texts.INSERT_BATCH,
            namespace=batch.namespace,
            flow_run_id=batch.flow_run_id,
            fence=batch.fence,
            first_sequence=batch.first_sequence,
            count=batch.count,
            request_id=batch.request_id,
            request_hash=batch.request_hash,
            entries=batch.entries,
        )
        await self._outbox.append(self._sql, [_change(batch, at)])


def _rows(
    batch: Batch, folded: Folded, epoch: int
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """One row for each task run, however many entries it has."""
    progress = dict(folded.progress)
    new: list[Mapping[str, Any]] = []
    for begun in folded.begun:
        row = called_row(begun.called)
        row |= progress_row(progress.pop(begun.called.task_run_id))
        row["namespace"] = batch.namespace
        row["flow_run_id"] = batch.flow_run_id
        row["place"] = begun.place
        row["epoch"] = epoch
        new.append(row)
    changed: list[Mapping[str, Any]] = [
        {"namespace": batch.namespace, "id": task_run_id, **progress_row(after)}
        for task_run_id, after in progress.items()
    ]
    return new, changed


def _change(batch: Batch, at: datetime) -> Change:
    return Change(
        namespace=batch.namespace,
        kind=KIND,
        resource_id=batch.flow_run_id,
        scope_id=batch.flow_run_id,
        seq=place_of(batch.fence, batch.first_sequence),
        create_time=at,
    )
