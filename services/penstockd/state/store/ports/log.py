"""Where the lines that runs write are kept."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.log import LogLine


class LogStore(Protocol):
    async def lock(self, namespace: str, flow_run_id: UUID) -> tuple[UUID | None, int]:
        """Return the last lease and the attempt. Raises FlowRunNotFound."""

    async def acknowledged(
        self, namespace: str, flow_run_id: UUID, *, lease_id: UUID, source: str
    ) -> int: ...

    async def append(
        self,
        namespace: str,
        flow_run_id: UUID,
        lines: Sequence[LogLine],
        *,
        lease_id: UUID,
        source: str,
    ) -> None:
        """Add lines, by offset, after those that are there."""

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, min_level: int, limit: int
    ) -> list[tuple[int, LogLine]]:
        """Return lines with their positions in the order of arrival."""
