"""The SQL implementation: flow runs and their history."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock.errors import FlowRunNotFound, RevisionConflict
from penstockd.database import Sql
from penstockd.database.change_feed import Change, Outbox
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.store.ports.flow_run import Actor, FlowRunFilter, Transition
from penstockd.state.store.rows.flow_run import flow_run_of, flow_run_row, transition_of
from penstockd.state.store.rows.state import state_row
from penstockd.state.store.statement_texts import flow_run as texts

if TYPE_CHECKING:
    import sqlalchemy as sa

EVERYTHING = FlowRunFilter()
LAST = UUID(int=(1 << 128) - 1)
KIND = "flow_run"


class SqlFlowRunStore:
    def __init__(self, sql: Sql, outbox: Outbox) -> None:
        self._sql = sql
        self._outbox = outbox

    async def insert(self, run: FlowRun, *, actor: Actor, phase: LeasePhase) -> bool:
        row = {**flow_run_row(run), "lease_phase": phase.value, "checkpoint": b""}
        if not await self._sql.run(texts.INSERT_FLOW_RUN, **row, next_sequence=1):
            return False
        await self._tell(run, actor)
        return True

    async def load(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        row = await self._sql.one(texts.FLOW_RUN, namespace=namespace, id=flow_run_id)
        return flow_run_of(_found(row, namespace, flow_run_id))

    async def lock(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        row = await self._sql.one(texts.LOCK_FLOW_RUN, namespace=namespace, id=flow_run_id)
        return flow_run_of(_found(row, namespace, flow_run_id))

    async def by_key(self, namespace: str, idempotency_key: str) -> FlowRun | None:
        row = await self._sql.one(
            texts.FLOW_RUN_BY_KEY, namespace=namespace, idempotency_key=idempotency_key
        )
        return flow_run_of(row) if row else None

    async def save(self, run: FlowRun, *, actor: Actor) -> None:
        written = await self._sql.run(
            texts.SAVE_FLOW_RUN, **flow_run_row(run), known_revision=run.revision - 1
        )
        if written != 1:
            raise RevisionConflict(
                "somebody else moved the run first: read it again and decide anew",
                flow_run_id=str(run.id),
            )
        await self._tell(run, actor)

    async def transitions(
        self, namespace: str, flow_run_id: UUID, *, limit: int
    ) -> list[Transition]:
        rows = await self._sql.all(
            texts.TRANSITIONS, namespace=namespace, flow_run_id=flow_run_id, limit=limit
        )
        return [transition_of(row) for row in reversed(rows)]

    async def page(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        after: UUID | None,
        limit: int,
        oldest_first: bool,
    ) -> list[FlowRun]:
        if wanted == EVERYTHING and not oldest_first:
            rows = await self._sql.all(
                texts.NEWEST_FLOW_RUNS, namespace=namespace, before=after or LAST, limit=limit
            )
            return [flow_run_of(row) for row in rows]

        def build() -> "sa.Select[Any]":
            from penstockd.state.store.filters import flow_runs

            return flow_runs(
                namespace, wanted, after=after, limit=limit, oldest_first=oldest_first
            )

        return [flow_run_of(row) for row in await self._sql.select(build)]

    async def _tell(self, run: FlowRun, actor: Actor) -> None:
        await self._sql.run(
            texts.INSERT_TRANSITION,
            namespace=run.namespace,
            flow_run_id=run.id,
            revision=run.revision,
            **state_row(run.state),
            attempt=run.attempt,
            fence=run.fence,
            actor=actor,
        )
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
