"""Where flow runs and their history are kept."""

from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.state import State, StateType

Actor = Literal["worker", "client", "state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One entry of a flow run's history; `fence` is the run's after it."""

    flow_run_id: UUID
    revision: int
    state: State
    attempt: int
    fence: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRunFilter:
    """Keeps the runs to which all that is set applies."""

    state_types: tuple[StateType, ...] = ()
    flow_name: str = ""
    deployment_id: UUID | None = None
    root_flow_run_id: UUID | None = None
    flow_run_id: UUID | None = None


class FlowRunStore(Protocol):
    async def insert(self, run: FlowRun, *, actor: Actor, phase: LeasePhase) -> bool:
        """Add a run, its first transition and its change; False if its key is taken."""

    async def load(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        """Raises FlowRunNotFound."""

    async def lock(self, namespace: str, flow_run_id: UUID) -> FlowRun:
        """As load, and nobody else changes the run until the transaction ends."""

    async def by_key(self, namespace: str, idempotency_key: str) -> FlowRun | None: ...

    async def save(self, run: FlowRun, *, actor: Actor) -> None:
        """Write revision N over N-1, its transition and its change. Raises RevisionConflict."""

    async def transitions(
        self, namespace: str, flow_run_id: UUID, *, limit: int
    ) -> list[Transition]:
        """Return the last transitions, oldest first."""

    async def page(
        self,
        namespace: str,
        wanted: FlowRunFilter,
        *,
        after: UUID | None,
        limit: int,
        oldest_first: bool,
    ) -> list[FlowRun]: ...
