"""What becomes of task runs that nobody can end any more, since their flow run has no owner."""

from collections.abc import Iterable, Mapping

from penstockd.state.rules.state import S, State, StateType, state
from penstockd.state.rules.task_run import Moved, TaskRun

# Each of up to thousands of task runs repeats the message of its flow run.
LONGEST_MESSAGE = 500


def ended_with(flow_run: State, task_runs: Iterable[TaskRun]) -> list[Moved]:
    """Return the moves that end task runs with their flow run, now in this state.

    What had not begun is cancelled. What executed was lost with its process, unless somebody
    cancelled the flow run. One that waits to be run again has new task runs then.
    """
    message = f"{_WHAT[flow_run.type]}: {flow_run.message}".removesuffix(": ")
    shortened = message[:LONGEST_MESSAGE]
    return [
        Moved(it.called.task_run_id, _end(flow_run, it, shortened), 0, None, b"", b"")
        for it in task_runs
    ]


def _end(flow_run: State, task_run: TaskRun, message: str) -> State:
    begun = task_run.progress.state.type not in (S.SCHEDULED, S.PENDING)
    lost = begun and flow_run.type is not S.CANCELLED
    return state(S.CRASHED if lost else S.CANCELLED, flow_run.time, message=message)


_WHAT: Mapping[StateType, str] = {
    S.SCHEDULED: "the flow run was interrupted",
    S.COMPLETED: "the flow run completed without it",
    S.FAILED: "the flow run failed",
    S.CANCELLED: "the flow run was cancelled",
    S.CRASHED: "the flow run crashed",
}
