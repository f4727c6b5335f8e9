"""The SQL implementation: flows."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstockd.database import Sql
from penstockd.state.rules.flow import Flow
from penstockd.state.rules.flow_run_filter import folded
from penstockd.state.store.ports.flow import FlowFilter
from penstockd.state.store.statement_texts import flow as texts

if TYPE_CHECKING:
    import sqlalchemy as sa

EVERYTHING = FlowFilter()


class SqlFlowStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def obtain(self, flow: Flow, /) -> Flow:
        known = await self._keep(flow)
        if known is not None:
            return known
        # Somebody else may make it at the same time; on PostgreSQL this waits for them.
        made = await self._sql.run(
            texts.INSERT_FLOW,
            namespace=flow.namespace,
            name=flow.name,
            folded_name=folded(flow.name),
            id=flow.id,
            create_time=flow.create_time,
        )
        return flow if made else await self._keep(flow) or flow

    async def by_id(self, namespace: str, flow_id: UUID) -> Flow | None:
        row = await self._sql.one(texts.FLOW_BY_ID, namespace=namespace, id=flow_id)
        return Flow(**row) if row else None

    async def by_name(self, namespace: str, name: str) -> Flow | None:
        row = await self._sql.one(texts.FLOW_BY_NAME, namespace=namespace, name=name)
        return Flow(**row) if row else None

    async def page(
        self, namespace: str, wanted: FlowFilter, *, after: str, limit: int
    ) -> list[Flow]:
        if wanted == EVERYTHING:
            rows = await self._sql.all(
                texts.FLOWS, namespace=namespace, after=after, limit=limit
            )
            return [Flow(**row) for row in rows]

        def build() -> "sa.Select[Any]":
            from penstockd.state.store.filters import flows

            return flows(namespace, wanted, after=after, limit=limit)

        return [Flow(**row) for row in await self._sql.select(build)]

    async def delete(self, flow: Flow, /) -> int:
        key = {"namespace": flow.namespace, "name": flow.name}
        await self._sql.one(texts.LOCK_FLOW, **key)
        row = await self._sql.one(texts.COUNT_RUNS_OF_FLOW, **key)
        runs: int = row["count"] if row else 0
        if not runs:
            await self._sql.run(texts.DELETE_FLOW, **key)
        return runs

    async def _keep(self, flow: Flow) -> Flow | None:
        row = await self._sql.one(texts.KEEP_FLOW, namespace=flow.namespace, name=flow.name)
        return Flow(**row) if row else None
