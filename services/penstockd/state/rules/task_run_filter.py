"""Which task runs somebody asks for. The store's queries follow it to the letter."""

from dataclasses import dataclass, field
from uuid import UUID

from penstockd.state.rules.flow_run_filter import TagFilter
from penstockd.state.rules.state import StateType
from penstockd.state.rules.task_run import TaskRun


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRunFilter:
    """Keeps the task runs to which all that is set applies; of several values, any."""

    task_run_ids: tuple[UUID, ...] = ()
    task_names: tuple[str, ...] = ()
    state_types: tuple[StateType, ...] = ()
    state_names: tuple[str, ...] = ()
    tags: TagFilter = field(default_factory=TagFilter)


ALL_TASK_RUNS = TaskRunFilter()


def matches(task_run: TaskRun, wanted: TaskRunFilter) -> bool:
    """Whether a list with this filter has the task run."""
    called, state = task_run.called, task_run.progress.state
    return (
        _among(called.task_run_id, wanted.task_run_ids)
        and _among(called.task_name, wanted.task_names)
        and _among(state.type, wanted.state_types)
        and _among(state.name, wanted.state_names)
        and wanted.tags.matches(tuple(called.tags))
    )


def _among(value: object, wanted: tuple[object, ...]) -> bool:
    return not wanted or value in wanted
