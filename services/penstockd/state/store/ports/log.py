"""Where the lines that runs write are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from penstockd.state.rules.log import LastOwner, LogHead, LogLine, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who counts the offsets of its lines."""

    namespace: str
    flow_run_id: UUID
    lease_id: UUID
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesWanted:
    """Lines after a position: of a flow run all, or of one of its task runs its own."""

    namespace: str
    flow_run_id: UUID
    task_run_id: UUID | None = None
    after: int = 0
    min_level: int = 0


class Placed(NamedTuple):
    """A line with its position in the order of arrival."""

    position: int
    line: LogLine


class LogStore(Protocol):
    async def lock(self, namespace: str, flow_run_id: UUID) -> LastOwner:
        """Raises FlowRunNotFound."""

    async def source(self, writer: Writer) -> Source: ...

    async def append(self, writer: Writer, lines: Sequence[LogLine]) -> None:
        """Add lines after those that are there."""

    async def save_source(self, writer: Writer, source: Source, *, at: datetime) -> None: ...

    async def head(self, namespace: str, flow_run_id: UUID) -> LogHead:
        """Raises FlowRunNotFound."""

    async def page(self, wanted: LinesWanted, *, limit: int) -> list[Placed]: ...

    async def bytes_by_namespace(self) -> Mapping[str, int]:
        """Return how much there is in each namespace; it looks at everything."""
