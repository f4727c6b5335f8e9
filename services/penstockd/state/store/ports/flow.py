"""Where flows are kept."""

from typing import Protocol
from uuid import UUID

from penstockd.state.rules.flow import Flow


class FlowStore(Protocol):
    async def obtain(self, flow: Flow, /) -> Flow:
        """Return the flow of this name; it is made if it is new."""

    async def by_id(self, namespace: str, flow_id: UUID) -> Flow | None: ...

    async def by_name(self, namespace: str, name: str) -> Flow | None: ...

    async def page(self, namespace: str, *, after: str, limit: int) -> list[Flow]:
        """Return flows by name."""
