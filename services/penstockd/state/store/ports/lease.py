"""Where leases are kept: who owns a flow run, and until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease_report import Held
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.state import State

Key = tuple[str, UUID]  # namespace and id of a flow run


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Runs that wait for whoever can start their program; the first one is `due` then."""

    work_queue: str
    program: str
    due: datetime


class LeaseStore(Protocol):
    async def waiting(
        self,
        namespace: str,
        *,
        work_pool: str,
        work_queues: Sequence[str],
        programs: Sequence[str],
    ) -> list[Waiting]:
        """Return what there is to hand out, now or later, by queue and program."""

    async def ready(
        self,
        namespace: str,
        *,
        work_pool: str,
        work_queue: str,
        program: str,
        now: datetime,
        limit: int,
    ) -> list[tuple[FlowRun, bytes]]:
        """Lock due runs that nobody owns or is claiming; each comes with its checkpoint."""

    async def begin(self, run: FlowRun) -> None:
        """A new lease: not acknowledged, and with an empty journal of its own."""

    async def held(
        self, namespace: str, lease_ids: Sequence[UUID], *, lock: bool
    ) -> dict[UUID, Held]:
        """Return the leases that are the current or last ones of their runs."""

    async def acknowledged(self, namespace: str, session_id: UUID) -> list[UUID]:
        """Return the leases that a session must list, without those with a deadline for it."""

    async def note(self, leases: Sequence[Held]) -> None:
        """Write how far the workers are with locked leases."""

    async def runs_under(self, namespace: str, lease_ids: Sequence[UUID]) -> list[FlowRun]:
        """Lock the runs whose current or last leases these are."""

    async def remember(
        self, namespace: str, left: Mapping[LeaseRef, State], *, at: datetime
    ) -> None:
        """Keep the states in which completed leases left their runs."""

    async def outcomes(
        self, namespace: str, lease_ids: Sequence[UUID]
    ) -> dict[LeaseRef, State]:
        """Return what is remembered of completed leases."""

    async def owned_by(self, namespace: str, session_id: UUID) -> list[FlowRun]:
        """Lock the runs that a session owns."""

    async def unacknowledged(self, now: datetime, *, limit: int) -> list[Key]: ...

    async def unlisted(self, now: datetime, *, limit: int) -> list[Key]:
        """Return runs whose leases their living sessions have left out for too long."""

    async def overdue(self, now: datetime, *, limit: int) -> list[Key]:
        """Return runs whose cancellation should have ended."""
