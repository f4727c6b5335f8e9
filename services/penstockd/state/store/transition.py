"""The SQL implementation: the history of flow runs."""

from uuid import UUID

from penstockd.database import Sql
from penstockd.state.store.ports.transition import Transition
from penstockd.state.store.rows.transition import transition_of
from penstockd.state.store.statement_texts import transition as texts


class SqlTransitionStore:
    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> list[Transition]:
        rows = await self._sql.all(
            texts.TRANSITIONS,
            namespace=namespace,
            flow_run_id=flow_run_id,
            after=after,
            limit=limit,
        )
        return [transition_of(row) for row in rows]
