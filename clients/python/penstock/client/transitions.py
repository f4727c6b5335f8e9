"""Moves of flow runs: what an owner proposes, how it is ruled, and a run's history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from penstock.api.state.v1.transition_service_pb2 import (
    ListFlowRunTransitionsRequest,
    TransitionFlowRunRequest,
    TransitionFlowRunResponse,
)
from penstock.api.state.v1.transition_service_pb2_grpc import TransitionServiceStub
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.client.pages import rows_of_pages
from penstock.client.rows import Row
from penstock.client.wire.failures import failure_message
from penstock.client.wire.owned import Owned
from penstock.client.wire.states import state_message, state_of
from penstock.client.wire.times import seconds_of
from penstock.ground.ids import new_id
from penstock.ground.labels import LONGEST_NAME
from penstock.ground.texts import cut
from penstock.states import State

if TYPE_CHECKING:
    from penstock.failures.failure import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What came of an attempt, beside its state: a result, or what ended it badly."""

    result_id: str = ""
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The ruling on a proposed state of a flow run; waits are in seconds from now."""

    accepted: bool
    attempt: int = 0
    name: str = ""
    actual: State[Any] | None = None
    replacement: State[Any] | None = None
    stop: bool = False
    retry_delay: float = 0.0
    propose_again_after: float = 0.0


class Transitions:
    """Asks the state service to move flow runs."""

    def __init__(self, connection: Connection) -> None:
        self._stub = TransitionServiceStub(connection.state)
        self._patience = connection.patience["state"]
        self._namespace = connection.namespace

    async def propose(
        self, owned: Owned, state: State[Any], ending: Ending | None = None, *, name: str = ""
    ) -> Verdict:
        """Propose a state of an owned run, and return the ruling.

        With Running, `name` takes the place of a random one.
        """
        request = TransitionFlowRunRequest(
            request_id=new_id(),
            namespace=owned.namespace,
            flow_run_id=owned.flow_run_id,
            lease=owned.lease.message(),
            to_state=state_message(state),
            flow_run_name=cut(name, LONGEST_NAME),
        )
        if ending is not None and ending.failure is not None:
            request.failure.CopyFrom(failure_message(ending.failure))
        elif ending is not None and ending.result_id:
            request.result_id = ending.result_id
        return _verdict(
            await self._patience.without_end(lambda: ask(self._stub.TransitionFlowRun, request))
        )

    def history(self, flow_run_id: str) -> AsyncIterator[list[Row]]:
        """Yield all transitions of a run in pages, oldest first."""
        request = ListFlowRunTransitionsRequest(
            namespace=self._namespace, flow_run_id=flow_run_id
        )
        return rows_of_pages(
            self._stub.ListFlowRunTransitions, request, lambda page: page.transitions
        )


def _verdict(reply: TransitionFlowRunResponse) -> Verdict:
    match reply.WhichOneof("verdict"):
        case "accepted":
            run = reply.accepted.flow_run
            return Verdict(accepted=True, attempt=run.attempt, name=run.name)
        case "wait":
            # A wait of nothing would be no wait.
            seconds = max(seconds_of(reply.wait.retry_delay), 0.001)
            return Verdict(accepted=False, propose_again_after=seconds)
    rejected = reply.rejected
    moved = rejected.HasField("replacement_state")
    return Verdict(
        accepted=False,
        actual=state_of(rejected.actual_state),
        replacement=state_of(rejected.replacement_state) if moved else None,
        stop=rejected.stop,
        retry_delay=seconds_of(rejected.retry_delay),
    )
