"""Task runs: what was called, and how far it is."""

from typing import Any

from penstockd.state.rules.state import State, StateType
from penstockd.state.rules.task_run import Called, Progress, TaskRun
from penstockd.state.store.rows.state import CAUSES, Row, state_of, state_row

_CALLED_PLAIN = (
    "name", "task_name", "task_key", "source_digest", "input_digest", "occurrence",
    "parent_task_run_id", "upstream", "has_rollback_hook", "inputs",
)  # fmt: skip


def progress_of(row: Row) -> Progress:
    return Progress(
        state=state_of(row),
        attempt=row["attempt"],
        attempt_cause=CAUSES[row["attempt_cause"]],
        revision=row["revision"],
        result=row["result"],
        failure=row["failure"],
        start_time=row["start_time"],
        end_time=row["end_time"],
    )


def progress_row(progress: Progress) -> dict[str, Any]:
    return {
        **state_row(progress.state),
        "attempt": progress.attempt,
        "attempt_cause": progress.attempt_cause,
        "revision": progress.revision,
        "result": progress.result,
        "failure": progress.failure,
        "start_time": progress.start_time,
        "end_time": progress.end_time,
    }


def called_row(called: Called) -> dict[str, Any]:
    return {
        "id": called.task_run_id,
        "name": called.name,
        "task_name": called.task_name,
        "task_key": called.task_key,
        "source_digest": called.source_digest,
        "input_digest": called.input_digest,
        "occurrence": called.occurrence,
        "parent_task_run_id": called.parent_task_run_id,
        "upstream": called.upstream,
        "tags": list(called.tags) or None,
        "has_rollback_hook": called.has_rollback_hook,
        "inputs": called.inputs,
        "create_time": called.state.time,
    }


def task_run_of(row: Row) -> TaskRun:
    progress = progress_of(row)
    called = Called(
        task_run_id=row["id"],
        **{name: row[name] for name in _CALLED_PLAIN},
        tags=row["tags"] or (),
        state=State(type=StateType.PENDING, time=row["create_time"]),
    )
    return TaskRun(
        namespace=row["namespace"],
        flow_run_id=row["flow_run_id"],
        epoch=row["epoch"],
        position=row["position"],
        called=called,
        progress=progress,
    )
