"""The task run in a parent that stands for a subflow: it makes the subflow a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import time_ns
from typing import TYPE_CHECKING, Any

from penstock.client.entries import Called, Edge, EdgeKind
from penstock.engine.contexts import FlowRunContext, task_run_var
from penstock.engine.failing import flow_run_failure
from penstock.engine.tasks.gate import record
from penstock.ground.ids import new_id
from penstock.states import State

if TYPE_CHECKING:
    from penstock.declarations import FlowDeclaration


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """Mirrors a subflow's states into its parent's journal."""

    parent: FlowRunContext
    called: Called

    def begun(self, flow_run_id: str) -> None:
        """Record the call, once it is known of which run; empty if none could be made."""
        called = self.called
        if flow_run_id:
            stands_for = Edge(EdgeKind.SUBFLOW, flow_run_id=flow_run_id)
            called = called._replace(upstream=(*called.upstream, stands_for))
        self.parent.recorder.append(called)

    def ended(self, state: State[Any]) -> None:
        failure = flow_run_failure(state)
        record(self.parent, self.called.task_run_id, state, failure=failure)
        if state.is_completed() and self.parent.finished is not None:
            called = self.called
            why = self.parent.remember(called.step, called.task_run_id, called.name, state)
            if why:
                self.parent.say_not_kept(called.name, why)


def track(
    flow: FlowDeclaration,
    parent: FlowRunContext,
    parameters: Mapping[str, Any],
    given: Iterable[Edge],
) -> Tracking | State[Any]:
    """Return what stands for the subflow; if it completed in an attempt before, its state."""
    inputs = parent.inputs_of_step(flow.fn, (), dict(parameters))
    step = parent.step(f"flow:{flow.name}", flow.source_digest(), inputs)
    if parent.finished and inputs and (known := parent.finished.get(step)):
        return known.again()  # type: ignore[no-any-return]
    around = task_run_var.get()
    called = Called(
        new_id(),
        time_ns(),
        parent.task_run_name(flow.name),
        flow.name,
        step,
        around.id if around is not None else "",
        tuple(given),
        (),
        False,
        True,
    )
    return Tracking(parent=parent, called=called)
