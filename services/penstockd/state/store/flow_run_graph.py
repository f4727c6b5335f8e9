"""The SQL implementation: the shape of a flow run, out of its task runs."""

from collections.abc import Sequence
from uuid import UUID

from penstock.errors import FlowRunNotFound
from penstockd.database import Sql
from penstockd.state.rules.flow_run_graph import GraphNode
from penstockd.state.store.statement_texts import flow_run_graph as texts


class SqlFlowRunGraphStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def created(self, namespace: str, flow_run_id: UUID) -> int:
        row = await self._sql.one(texts.GRAPH_HEAD, namespace=namespace, id=flow_run_id)
        if row is None:
            raise FlowRunNotFound(
                f"no flow run {flow_run_id} in {namespace}", flow_run_id=str(flow_run_id)
            )
        return int(row["create_time"])

    async def nodes(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> Sequence[GraphNode]:
        rows = await self._sql.all(
            texts.GRAPH_NODES,
            namespace=namespace,
            flow_run_id=flow_run_id,
            after=after,
            limit=limit,
        )
        # The columns come in the order of the fields.
        return [GraphNode._make(row.values()) for row in rows]
