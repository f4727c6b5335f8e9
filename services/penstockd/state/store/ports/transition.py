"""Where the history of flow runs is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from penstockd.state.rules.actor import Actor
from penstockd.state.rules.failure import NO_FAILURE, FailureRecord
from penstockd.state.rules.state import AttemptCause, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One entry of a flow run's history, and the run as it left it.

    `fence` is what the owner showed, and 0 when another actor moved the run.
    """

    flow_run_id: UUID
    revision: int
    state: State
    attempt: int
    actor: Actor
    attempt_cause: AttemptCause | None = None
    epoch: int = 0
    session_id: UUID | None = None
    start_time: datetime | None = None
    result_id: UUID | None = None
    failure: FailureRecord = NO_FAILURE
    fence: int = 0


class TransitionStore(Protocol):
    """They are added where flow runs are inserted and saved."""

    async def page(
        self, namespace: str, flow_run_id: UUID, *, after: int, limit: int
    ) -> list[Transition]:
        """Return the transitions after a revision, oldest first."""
