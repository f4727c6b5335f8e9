"""The SQL implementation: flows."""

from uuid import UUID

from penstockd.database import Sql
from penstockd.state.rules.flow import Flow
from penstockd.state.store.statement_texts import flow as texts


class SqlFlowStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def obtain(self, flow: Flow, /) -> Flow:
        known = await self.by_name(flow.namespace, flow.name)
        if known is not None:
            return known
        # Somebody else may make it at the same time; on PostgreSQL this waits for them.
        made = await self._sql.run(
            texts.INSERT_FLOW,
            namespace=flow.namespace,
            name=flow.name,
            id=flow.id,
            create_time=flow.create_time,
        )
        return flow if made else await self.by_name(flow.namespace, flow.name) or flow

    async def by_id(self, namespace: str, flow_id: UUID) -> Flow | None:
        row = await self._sql.one(texts.FLOW_BY_ID, namespace=namespace, id=flow_id)
        return Flow(**row) if row else None

    async def by_name(self, namespace: str, name: str) -> Flow | None:
        row = await self._sql.one(texts.FLOW_BY_NAME, namespace=namespace, name=name)
        return Flow(**row) if row else None

    async def page(self, namespace: str, *, after: str, limit: int) -> list[Flow]:
        rows = await self._sql.all(texts.FLOWS, namespace=namespace, after=after, limit=limit)
        return [Flow(**row) for row in rows]
