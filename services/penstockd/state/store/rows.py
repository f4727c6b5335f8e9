"""Values to rows and back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from penstockd.state.rules.flow_run import FlowRun, RetryPolicy
from penstockd.state.rules.state import AttemptCause, State, StateType
from penstockd.state.rules.task_run import Called, Progress, TaskRun
from penstockd.state.rules.worker_session import SessionKind, WorkerSession
from penstockd.state.store import Transition

Row = Mapping[str, Any]

_CAUSES: dict[str | None, AttemptCause | None] = {None: None, **{it: it for it in AttemptCause}}
_TYPES: dict[str, StateType] = {it.value: it for it in StateType}
_PLAIN = (
    "namespace", "id", "name", "flow_id", "flow_name", "flow_version", "parent_flow_run_id",
    "parent_task_run_id", "root_flow_run_id", "deployment_id", "deployment_version", "launch",
    "parameters", "work_pool", "work_queue", "attempt", "epoch", "fence", "revision",
    "create_time", "expected_start_time", "start_time", "end_time", "result_id", "traceparent",
    "idempotency_key", "owned", "session_id", "lease_id", "ack_deadline", "cancel_deadline",
    "open_task_runs",
)  # fmt: skip
_CALLED_PLAIN = (
    "name", "task_name", "task_key", "source_digest", "input_digest", "occurrence",
    "parent_task_run_id", "has_rollback_hook",
)  # fmt: skip


def state_of(row: Row) -> State:
    return State(
        type=_TYPES[row["state_type"]],
        name=row["state_name"],
        message=row["state_message"],
        time=row["state_time"],
        scheduled_time=row["scheduled_time"],
        rolled_back=row["rolled_back"],
    )


def state_row(state: State) -> dict[str, Any]:
    return {
        "state_type": state.type.value,
        "state_name": state.name,
        "state_message": state.message,
        "state_time": state.time,
        "scheduled_time": state.scheduled_time,
        "rolled_back": state.rolled_back,
    }


def flow_run_of(row: Row) -> FlowRun:
    return FlowRun(
        **{name: row[name] for name in _PLAIN},
        state=state_of(row),
        attempt_cause=_CAUSES[row["attempt_cause"]],
        tags=tuple(row["tags"]),
        retry_policy=RetryPolicy(
            max_retries=row["max_retries"],
            retry_delays=tuple(timedelta(microseconds=it) for it in row["retry_delays"]),
        ),
    )


def flow_run_row(run: FlowRun) -> dict[str, Any]:
    policy = run.retry_policy
    return {
        **{name: getattr(run, name) for name in _PLAIN},
        **state_row(run.state),
        "attempt_cause": run.attempt_cause,
        "tags": list(run.tags),
        "max_retries": policy.max_retries,
        "retry_delays": [it // timedelta(microseconds=1) for it in policy.retry_delays],
    }


def transition_of(row: Row) -> Transition:
    return Transition(
        flow_run_id=row["flow_run_id"],
        revision=row["revision"],
        state=state_of(row),
        attempt=row["attempt"],
        fence=row["fence"],
        actor=row["actor"],
    )


def progress_of(row: Row) -> Progress:
    return Progress(
        state=state_of(row),
        attempt=row["attempt"],
        attempt_cause=_CAUSES[row["attempt_cause"]],
        revision=row["revision"],
        result=row["result"],
        start_time=row["start_time"],
        end_time=row["end_time"],
    )


def progress_row(progress: Progress) -> dict[str, Any]:
    state = progress.state
    return {
        "state_type": state.type.value,
        "state_name": state.name,
        "state_message": state.message,
        "state_time": state.time,
        "scheduled_time": state.scheduled_time,
        "rolled_back": state.rolled_back,
        "attempt": progress.attempt,
        "attempt_cause": progress.attempt_cause,
        "revision": progress.revision,
        "result": progress.result,
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
        "upstream_task_run_ids": list(called.upstream_task_run_ids) or None,
        "tags": list(called.tags) or None,
        "has_rollback_hook": called.has_rollback_hook,
        "create_time": called.state.time,
    }


def task_run_of(row: Row) -> TaskRun:
    progress = progress_of(row)
    called = Called(
        task_run_id=row["id"],
        **{name: row[name] for name in _CALLED_PLAIN},
        upstream_task_run_ids=row["upstream_task_run_ids"] or (),
        tags=row["tags"] or (),
        state=State(type=StateType.PENDING, time=row["create_time"]),
    )
    return TaskRun(
        namespace=row["namespace"],
        flow_run_id=row["flow_run_id"],
        epoch=row["epoch"],
        place=row["place"],
        called=called,
        progress=progress,
    )


def worker_session_of(row: Row) -> WorkerSession:
    return WorkerSession(**{**row, "kind": SessionKind(row["kind"])})


def worker_session_row(session: WorkerSession) -> dict[str, Any]:
    assert session.kind is not None  # noqa: S101 - only one whose row is gone has none
    return {
        "namespace": session.namespace,
        "id": session.id,
        "kind": session.kind.value,
        "alive": session.alive,
        "revision": session.revision,
        "create_time": session.create_time,
        "lease_until": session.lease_until,
        "end_time": session.end_time,
    }
