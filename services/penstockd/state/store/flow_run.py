"""The SQL implementation: flow runs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock.errors import FlowRunNotFound, RevisionConflict
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.state.rules.actor import Actor
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import EVERYTHING, FlowRunFilter
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.view import View
from penstockd.state.store.ports.flow_run import FlowRunCount, FlowRunGroup, Key
from penstockd.state.store.rows.flow_run import (
    count_of,
    flow_run_of,
    flow_run_row,
    label_rows,
)
from penstockd.state.store.rows.transition import transition_row
from penstockd.state.store.statement_texts import flow_run as texts
from penstockd.state.store.statement_texts.transition import INSERT_TRANSITION

if TYPE_CHECKING:
    import sqlalchemy as sa

LAST = UUID(int=(1 << 128) - 1)
KIND = "flow_run"
_BELONGINGS = (
    texts.DELETE_LABELS_OF_RUNS,
    texts.DELETE_HISTORY_OF_RUNS,
    texts.DELETE_TASK_RUNS_OF_RUNS,
    texts.DELETE_JOURNALS_OF_RUNS,
    texts.DELETE_LOGS_OF_RUNS,
    texts.DELETE_LOG_SOURCES_OF_RUNS,
)


class SqlFlowRunStore:
    def __init__(self, sql: Sql, outbox: Outbox) -> None:
        self._sql = sql
        self._outbox = outbox

    async def insert(self, run: FlowRun, *, actor: Actor, phase: LeasePhase) -> bool:
        row = {**flow_run_row(run), "lease_phase": phase.value, "checkpoint": b""}
        if not await self._sql.run(texts.INSERT_FLOW_RUN, **row, next_sequence=1):
            return False
        if labels := label_rows(run):
            await self._sql.run_many(texts.INSERT_LABEL, labels)
        await self._tell(run, actor, 0)
        return True

    async def load(
        self, namespace: str, flow_run_id: UUID, *, view: View = View.BASIC
    ) -> FlowRun:
        statement = texts.WHOLE_FLOW_RUN if view is View.FULL else texts.FLOW_RUN
        row = await self._sql.one(statement, namespace=namespace, id=flow_run_id)
        return flow_run_of(_found(row, namespace, flow_run_id))

    async def lock(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        row = await self._sql.one(texts.LOCK_FLOW_RUN, namespace=namespace, id=flow_run_id)
        return flow_run_of(_found(row, namespace, flow_run_id))

    async def lock_those(self, namespace: str, flow_run_ids: Sequence[UUID]) -> list[FlowRun]:
        rows = await self._sql.all(texts.LOCK_FLOW_RUNS, namespace=namespace, ids=flow_run_ids)
        return [flow_run_of(row) for row in rows]

    async def by_key(self, namespace: str, idempotency_key: str) -> FlowRun | None:
        row = await self._sql.one(
            texts.FLOW_RUN_BY_KEY, namespace=namespace, idempotency_key=idempotency_key
        )
        return flow_run_of(row) if row else None

    async def save(self, run: FlowRun, *, actor: Actor, fence: int = 0) -> None:
        written = await self._sql.run(
            texts.SAVE_FLOW_RUN, **flow_run_row(run), known_revision=run.revision - 1
        )
        if written != 1:
            raise RevisionConflict(
                "somebody else changed the run first: read it again, then try again",
                flow_run_id=str(run.id),
            )
        await self._tell(run, actor, fence)

    async def page(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        after: UUID | None,
        limit: int,
        oldest_first: bool,
        view: View,
    ) -> list[FlowRun]:
        if wanted == EVERYTHING and not oldest_first and view is View.BASIC:
            rows = await self._sql.all(
                texts.NEWEST_FLOW_RUNS, namespace=namespace, before=after or LAST, limit=limit
            )
            return [flow_run_of(row) for row in rows]

        def build() -> "sa.Select[Any]":
            from penstockd.state.store.filters import flow_runs

            return flow_runs(
                namespace,
                wanted,
                after=after,
                limit=limit,
                oldest_first=oldest_first,
                view=view,
            )

        return [flow_run_of(row) for row in await self._sql.select(build)]

    async def counts(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        group_by: Sequence[FlowRunGroup],
        bucket: timedelta | None,
        limit: int,
    ) -> list[FlowRunCount]:
        def build() -> "sa.Select[Any]":
            from penstockd.state.store.filters import flow_run_counts

            return flow_run_counts(
                namespace, wanted, group_by=group_by, bucket=bucket, limit=limit
            )

        return [count_of(row) for row in await self._sql.select(build) if row["count"]]

    async def request_deletion(self, run: FlowRun) -> None:
        await self._sql.run(
            texts.REQUEST_DELETION,
            namespace=run.namespace,
            id=run.id,
            revision=run.revision,
        )

    async def to_delete(self, *, limit: int) -> list[Key]:
        rows = await self._sql.all(texts.FLOW_RUNS_TO_DELETE, limit=limit)
        return [(row["namespace"], row["id"]) for row in rows]

    async def delete(self, namespace: str, flow_run_ids: Sequence[UUID]) -> None:
        for statement in (texts.DELETE_FLOW_RUNS, *_BELONGINGS):
            await self._sql.run(statement, namespace=namespace, ids=flow_run_ids)

    async def count_by_namespace(self) -> Mapping[str, int]:
        rows = await self._sql.all(texts.RUNS_BY_NAMESPACE)
        return {row["namespace"]: row["used"] for row in rows}

    async def _tell(self, run: FlowRun, actor: Actor, fence: int) -> None:
        row = transition_row(run, actor=actor, fence=fence)
        await self._sql.run(INSERT_TRANSITION, **row)
        await self._outbox.append(self._sql, [_change(run)])


def _change(run: FlowRun) -> Change:
    return Change(
        namespace=run.namespace,
        kind=KIND,
        resource_id=run.id,
        scope_id=run.id,
        seq=run.revision,
        create_time=run.state.time,
    )


def _found(row: Any, namespace: str, flow_run_id: UUID) -> Any:
    if row is None:
        raise FlowRunNotFound(
            f"no flow run {flow_run_id} in {namespace}", flow_run_id=str(flow_run_id)
        )
    return row
