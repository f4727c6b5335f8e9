"""The shape of a flow run, however large."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from penstockd.state.rules.flow_run_graph import GraphNode
from penstockd.state.store import Store, Transaction

# Something is drawn soon; then each page holds the event loop for a moment.
FIRST_NODES = 500
MORE_NODES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPart:
    """Some nodes; the first part tells when the run was created, and from where to watch."""

    nodes: Sequence[GraphNode]
    create_time: int = 0
    watch_cursor: str = ""


class FlowRunGraphs:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def parts(self, namespace: str, flow_run_id: UUID) -> AsyncIterator[GraphPart]:
        """Yield all nodes in the order of their calls. Raises FlowRunNotFound.

        Each part is a reading of its own, so that no long transaction is held: what changes
        meanwhile is told by a watch from the cursor.
        """
        part = await self._store.read(lambda tx: _first(tx, namespace, flow_run_id))
        yield part
        limit = FIRST_NODES
        while len(part.nodes) == limit:
            after, limit = part.nodes[-1].position, MORE_NODES
            part = await self._store.read(
                lambda tx: _more(tx, namespace, flow_run_id, after=after)  # noqa: B023
            )
            if part.nodes:
                yield part


async def _first(tx: Transaction, namespace: str, flow_run_id: UUID) -> GraphPart:
    cursor = await tx.cursor()
    create_time = await tx.flow_run_graphs.created(namespace, flow_run_id)
    nodes = await tx.flow_run_graphs.nodes(namespace, flow_run_id, after=0, limit=FIRST_NODES)
    return GraphPart(nodes=nodes, create_time=create_time, watch_cursor=cursor)


async def _more(tx: Transaction, namespace: str, flow_run_id: UUID, *, after: int) -> GraphPart:
    nodes = await tx.flow_run_graphs.nodes(
        namespace, flow_run_id, after=after, limit=MORE_NODES
    )
    return GraphPart(nodes=nodes)
