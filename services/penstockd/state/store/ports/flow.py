"""Where flows are kept."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.flow import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFilter:
    """Keeps the flows to which all that is set applies."""

    names: tuple[str, ...] = ()
    name_contains: str = ""


class FlowStore(Protocol):
    async def obtain(self, flow: Flow, /) -> Flow:
        """Return the flow of this name; it is made if it is new, and not deleted meanwhile."""

    async def by_id(self, namespace: str, flow_id: UUID) -> Flow | None: ...

    async def by_name(self, namespace: str, name: str) -> Flow | None: ...

    async def page(
        self, namespace: str, wanted: FlowFilter, *, after: str, limit: int
    ) -> list[Flow]:
        """Return flows by name."""

    async def delete(self, flow: Flow, /) -> int:
        """Delete a flow that has no runs; return how many it has."""
