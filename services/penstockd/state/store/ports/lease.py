"""Where leases are kept: who owns a flow run, and until when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import Held

Key = tuple[str, UUID]  # namespace and id of a flow run


class LeaseStore(Protocol):
    async def ready(
        self, namespace: str, *, work_pool: str, work_queue: str, now: datetime, limit: int
    ) -> list[tuple[FlowRun, bytes]]:
        """Lock due runs that nobody owns or is claiming; each comes with its checkpoint."""

    async def next_due(
        self, namespace: str, *, work_pool: str, work_queue: str
    ) -> datetime | None: ...

    async def begin(self, run: FlowRun) -> None:
        """A new lease: not acknowledged, and with an empty journal of its own."""

    async def held(
        self, namespace: str, lease_ids: Sequence[UUID], *, lock: bool
    ) -> dict[UUID, Held]:
        """Return the leases that are the current or last ones of their runs."""

    async def note(self, held: Held) -> None:
        """Write how far the worker is."""

    async def owned_by(self, namespace: str, session_id: UUID) -> list[FlowRun]:
        """Lock the runs that a session owns."""

    async def unacknowledged(self, now: datetime, *, limit: int) -> list[Key]: ...

    async def overdue(self, now: datetime, *, limit: int) -> list[Key]:
        """Return runs whose cancellation should have ended."""
