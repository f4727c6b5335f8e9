"""The history of flow runs."""

from typing import Any

from penstockd.state.rules.actor import Actor, ActorKind
from penstockd.state.rules.failure import NO_FAILURE, FailureRecord
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.store.ports.transition import Transition
from penstockd.state.store.rows.state import CAUSES, Row, state_of, state_row

_PLAIN = (
    "flow_run_id", "revision", "attempt", "epoch", "session_id", "start_time", "result_id",
    "fence",
)  # fmt: skip


def transition_of(row: Row) -> Transition:
    brief = row["failure_brief"]
    return Transition(
        **{name: row[name] for name in _PLAIN},
        state=state_of(row),
        actor=Actor(kind=ActorKind(row["actor_kind"]), id=row["actor_id"]),
        attempt_cause=CAUSES[row["attempt_cause"]],
        failure=FailureRecord(brief=brief) if brief else NO_FAILURE,
    )


def transition_row(run: FlowRun, *, actor: Actor, fence: int) -> dict[str, Any]:
    """Return the row of the transition that brought the run where it is."""
    return {
        "namespace": run.namespace,
        "flow_run_id": run.id,
        "revision": run.revision,
        **state_row(run.state),
        "attempt": run.attempt,
        "attempt_cause": run.attempt_cause,
        "epoch": run.epoch,
        "session_id": run.ownership.session_id,
        "start_time": run.start_time,
        "result_id": run.result_id,
        "failure_brief": run.failure.brief,
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
        "fence": fence,
    }
