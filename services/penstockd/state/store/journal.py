"""The SQL implementation: journals, and the task runs that they write."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from penstock.errors import FlowRunNotFound, LeaseLost
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.state.rules.task_run import (
    Folded,
    Known,
    Moved,
    TaskRun,
    fence_and_sequence,
    position_of,
)
from penstockd.state.store import journal_wire
from penstockd.state.store.ports.journal import JournalBatch, JournalHead, Recorded, Recordings
from penstockd.state.store.rows.task_run import called_row, progress_of, progress_row
from penstockd.state.store.statement_texts import journal as texts

KIND = "journal"
# A page of one entry to a batch is found in one look.
LOOKED_AT = 1_000
READ_AT_ONCE = 4 * 1024 * 1024


class SqlJournalStore:
    """It runs seven statements for a batch, however many entries that has."""

    def __init__(self, sql: Sql, outbox: Outbox) -> None:
        self._sql = sql
        self._outbox = outbox

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

    async def differs(
        self, namespace: str, flow_run_id: UUID, position: int, packed: bytes, *, count: int
    ) -> int | None:
        at = 0
        sent = journal_wire.first_entries_in(packed, count)
        while at < len(sent):
            kept = await self.recorded(
                namespace, flow_run_id, after=position + at - 1, limit=len(sent) - at
            )
            for entry in kept.entries:
                if entry != (position + at, sent[at]):
                    return at
                at += 1
            if not kept.entries:
                return at
        return None

    def pack(self, moves: Sequence[Moved], /) -> bytes:
        return journal_wire.pack_moves(moves)

    async def append(
        self, batch: JournalBatch, folded: Folded, *, epoch: int, at: datetime
    ) -> None:
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

    async def recorded(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> Recordings:
        batches, more = await self._batches(namespace, flow_run_id, after=after, entries=limit)
        found = [
            Recorded(position, entry)
            for batch in batches
            for position, entry in enumerate(
                journal_wire.entries_in(batch["entries"], batch["count"]), _place(batch)
            )
            if position > after
        ]
        return Recordings(entries=found[:limit], more=more or len(found) > limit)

    async def recorded_of(self, task_run: TaskRun, *, after: int, limit: int) -> Recordings:
        found: list[Recorded] = []
        from_its_call, more = after < task_run.position, True
        after = max(after, task_run.position - 1)
        # It has an entry for each of its revisions, so that the search ends at the last one.
        revision = task_run.progress.revision
        while more and len(found) < min(limit, revision):
            batches, more = await self._batches(
                task_run.namespace, task_run.flow_run_id, after=after, entries=None
            )
            for batch in batches:
                found += _entries_of(batch, task_run.called.task_run_id, after)
                after = _last_place(batch)
        more = more and not (from_its_call and len(found) == revision)
        return Recordings(entries=found[:limit], more=more or len(found) > limit)

    async def bytes_by_namespace(self) -> Mapping[str, int]:
        rows = await self._sql.all(texts.JOURNAL_BYTES_BY_NAMESPACE)
        return {row["namespace"]: row["used"] for row in rows}

    async def _batches(
        self, namespace: str, flow_run_id: UUID, *, after: int, entries: int | None
    ) -> tuple[Sequence[Mapping[str, Any]], bool]:
        """Return batches with what follows a position, and whether there are more of them.

        They have so many entries if there are as many, or are as large as is read at once.
        """
        key = {"namespace": namespace, "flow_run_id": flow_run_id}
        fence, sequence = fence_and_sequence(after)
        looked_at = await self._sql.all(
            texts.BATCHES_AFTER,
            **key,
            after_fence=fence,
            after_sequence=sequence,
            limit=LOOKED_AT,
        )
        if not looked_at:
            return [], False
        first, count = looked_at[0], _how_many(looked_at, after, entries)
        batches = await self._sql.all(
            texts.BATCHES,
            **key,
            fence=first["fence"],
            first_sequence=first["first_sequence"],
            limit=count,
        )
        return batches, count < len(looked_at) or count == LOOKED_AT


def _rows(
    batch: JournalBatch, folded: Folded, epoch: int
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """One row for each task run, however many entries it has."""
    progress = dict(folded.progress)
    new: list[Mapping[str, Any]] = []
    for begun in folded.begun:
        row = called_row(begun.called)
        row |= progress_row(progress.pop(begun.called.task_run_id))
        row["namespace"] = batch.namespace
        row["flow_run_id"] = batch.flow_run_id
        row["position"] = begun.position
        row["epoch"] = epoch
        new.append(row)
    changed: list[Mapping[str, Any]] = [
        {"namespace": batch.namespace, "id": task_run_id, **progress_row(after)}
        for task_run_id, after in progress.items()
    ]
    return new, changed


def _how_many(batches: Sequence[Mapping[str, Any]], after: int, entries: int | None) -> int:
    """Return how many batches have enough entries, or bytes."""
    size = told = 0
    for count, batch in enumerate(batches, 1):
        size += batch["size"]
        told += min(batch["count"], _last_place(batch) - after)
        if size >= READ_AT_ONCE or (entries is not None and told >= entries):
            return count
    return len(batches)


def _place(batch: Mapping[str, Any]) -> int:
    return position_of(batch["fence"], batch["first_sequence"])


def _last_place(batch: Mapping[str, Any]) -> int:
    return _place(batch) + int(batch["count"]) - 1


def _entries_of(batch: Mapping[str, Any], task_run_id: UUID, after: int) -> Iterator[Recorded]:
    first = _place(batch)
    for at, entry in journal_wire.entries_of(batch["entries"], batch["count"], task_run_id):
        if first + at > after:
            yield Recorded(first + at, entry)


def _change(batch: JournalBatch, at: datetime) -> Change:
    return Change(
        namespace=batch.namespace,
        kind=KIND,
        resource_id=batch.flow_run_id,
        scope_id=batch.flow_run_id,
        seq=position_of(batch.fence, batch.first_sequence),
        create_time=at,
    )
