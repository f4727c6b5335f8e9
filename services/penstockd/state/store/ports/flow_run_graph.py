"""Where the shape of a flow run is read."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.flow_run_graph import GraphNode


class FlowRunGraphStore(Protocol):
    async def created(self, namespace: str, flow_run_id: UUID) -> int:
        """Return when the run was created, in microseconds. Raises FlowRunNotFound."""

    async def nodes(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> Sequence[GraphNode]:
        """Return nodes in the order of their calls, after a position."""
