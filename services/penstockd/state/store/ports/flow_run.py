"""Where flow runs are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.actor import Actor
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import FlowRunFilter
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.state import StateType
from penstockd.state.rules.view import View

Key = tuple[str, UUID]  # namespace and id of a flow run


class FlowRunGroup(StrEnum):
    """By what runs are counted apart; TIME_BUCKET is the span in which they were due."""

    STATE_TYPE = "STATE_TYPE"
    STATE_NAME = "STATE_NAME"
    FLOW = "FLOW"
    DEPLOYMENT = "DEPLOYMENT"
    WORK_POOL = "WORK_POOL"
    WORK_QUEUE = "WORK_QUEUE"
    TIME_BUCKET = "TIME_BUCKET"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRunCount:
    """How many runs there are of one kind; what was not grouped by is empty."""

    count: int
    state_type: StateType | None = None
    state_name: str = ""
    flow_name: str = ""
    deployment_id: UUID | None = None
    work_pool: str = ""
    work_queue: str = ""
    bucket_start_time: datetime | None = None


class FlowRunStore(Protocol):
    async def insert(self, run: FlowRun, *, actor: Actor, phase: LeasePhase) -> bool:
        """Add a run, its first transition and its change; False if its key is taken."""

    async def load(
        self, namespace: str, flow_run_id: UUID, *, view: View = View.BASIC
    ) -> FlowRun:
        """Raises FlowRunNotFound."""

    async def lock(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        """As load, and nobody else changes the run until the transaction ends."""

    async def lock_those(self, namespace: str, flow_run_ids: Sequence[UUID]) -> list[FlowRun]:
        """Lock the runs that exist, by id."""

    async def by_key(self, namespace: str, idempotency_key: str) -> FlowRun | None: ...

    async def save(self, run: FlowRun, *, actor: Actor, fence: int = 0) -> None:
        """Write revision N over N-1, its transition and its change. Raises RevisionConflict.

        `fence` is what the owner showed.
        """

    async def page(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        after: UUID | None,
        limit: int,
        oldest_first: bool,
        view: View,
    ) -> list[FlowRun]: ...

    async def counts(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        group_by: Sequence[FlowRunGroup],
        bucket: timedelta | None,
        limit: int,
    ) -> list[FlowRunCount]:
        """Return at most so many counts, none of them 0."""

    async def request_deletion(self, run: FlowRun) -> None:
        """Mark a locked run, which is deleted once it has ended."""

    async def to_delete(self, *, limit: int) -> list[Key]:
        """Return marked runs that have ended."""

    async def delete(self, namespace: str, flow_run_ids: Sequence[UUID]) -> None:
        """Delete locked runs with all that belongs to them."""

    async def count_by_namespace(self) -> Mapping[str, int]:
        """Return how much there is in each namespace; it looks at everything."""
