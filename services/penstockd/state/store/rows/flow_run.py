"""Flow runs and their transitions."""

from datetime import timedelta
from typing import Any

from penstockd.state.rules.flow_run import FlowRun, RetryPolicy
from penstockd.state.store.ports.flow_run import Transition
from penstockd.state.store.rows.state import CAUSES, Row, state_of, state_row

_PLAIN = (
    "namespace", "id", "name", "flow_id", "flow_name", "flow_version", "parent_flow_run_id",
    "parent_task_run_id", "root_flow_run_id", "deployment_id", "deployment_version", "launch",
    "parameters", "work_pool", "work_queue", "attempt", "epoch", "fence", "revision",
    "create_time", "expected_start_time", "start_time", "end_time", "result_id", "traceparent",
    "idempotency_key", "owned", "session_id", "lease_id", "ack_deadline", "cancel_deadline",
    "open_task_runs",
)  # fmt: skip


def flow_run_of(row: Row) -> FlowRun:
    return FlowRun(
        **{name: row[name] for name in _PLAIN},
        state=state_of(row),
        attempt_cause=CAUSES[row["attempt_cause"]],
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
