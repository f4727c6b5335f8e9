"""The task run in a parent that stands for a subflow: it makes the subflow a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import time_ns
from typing import TYPE_CHECKING, Any

from penstock.context import task_run_var
from penstock.engine.ids import new_id
from penstock.engine.live_run import FlowRunContext
from penstock.engine.steps import input_digest, source_digest
from penstock.recording.entries import Called, Moved, Step
from penstock.states import State, StateType

if TYPE_CHECKING:
    from penstock.flows import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """Mirrors a subflow's states into its parent's journal."""

    parent: FlowRunContext
    task_run_id: str
    step: Step
    reused: State[Any] | None = None

    def ended(self, state: State[Any]) -> None:
        self._moved(state.type, state.name, state.message or "")
        if state.is_completed() and self.parent.finished is not None:
            self.parent.finished[self.step] = (self.task_run_id, state)

    def crashed(self, message: str) -> None:
        self._moved(StateType.CRASHED, "", message)

    def _moved(self, kind: StateType, name: str, message: str) -> None:
        self.parent.recorder.append(Moved(self.task_run_id, time_ns(), kind, name, message))


def track(
    flow: Flow[Any, Any],
    parent: FlowRunContext,
    parameters: Mapping[str, Any],
    handles: Sequence[tuple[Any, bool]],
) -> Tracking:
    """Record that the subflow was called; one that completed in an attempt before is reused."""
    key = f"flow:{flow.name}"
    inputs = input_digest((), dict(parameters))
    step = parent.step(key, source_digest(flow.fn), inputs)
    if parent.finished and inputs and (known := parent.finished.get(step)):
        return Tracking(parent=parent, task_run_id=known[0], step=step, reused=known[1])
    around = task_run_var.get()
    tracking = Tracking(parent=parent, task_run_id=new_id(), step=step)
    parent.recorder.append(
        Called(
            tracking.task_run_id,
            time_ns(),
            parent.task_run_name(flow.name),
            flow.name,
            step,
            around.id if around is not None else "",
            [handle.task_run_id for handle, _ in handles if handle.task_run_id],
            (),
            False,
            True,
        )
    )
    return tracking
