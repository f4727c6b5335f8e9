"""Flow runs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from penstockd.chassis.ids import EPOCH
from penstockd.state.rules.actor import Actor, ActorKind
from penstockd.state.rules.failure import NO_FAILURE, FailureRecord
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.flow_run_filter import folded
from penstockd.state.rules.ownership import Ownership
from penstockd.state.rules.run_spec import NO_RETRIES, RetryPolicy, RunSpec
from penstockd.state.rules.state import AttemptCause, StateType
from penstockd.state.store.ports.flow_run import FlowRunCount
from penstockd.state.store.rows.state import CAUSES, Row, state_of, state_row

_PLAIN = (
    "namespace", "id", "name", "flow_id", "parent_flow_run_id", "parent_task_run_id",
    "root_flow_run_id", "deployment_id", "deployment_version", "attempt", "epoch", "revision",
    "create_time", "expected_start_time", "start_time", "end_time", "result_id", "traceparent",
    "idempotency_key", "delete_requested", "open_task_runs", "lost_starts",
    "is_named",
)  # fmt: skip
_OWNERSHIP = (
    "owned", "session_id", "lease_id", "fence", "ack_deadline", "cancel_deadline",
    "list_deadline",
)  # fmt: skip
_SPEC = ("flow_name", "work_pool", "work_queue", "program")
_MICROSECOND = timedelta(microseconds=1)


def flow_run_of(row: Row) -> FlowRun:
    """Return a run; without the columns of its parameters or failure, without these."""
    return FlowRun(
        **{name: row[name] for name in _PLAIN},
        spec=_spec_of(row),
        state=state_of(row),
        attempt_cause=CAUSES[row["attempt_cause"]],
        next_cause=AttemptCause(row["next_cause"]),
        creator=Actor(kind=ActorKind(row["creator_kind"]), id=row["creator_id"]),
        failure=_failure_of(row),
        ownership=ownership_of(row),
    )


def ownership_of(row: Row) -> Ownership:
    return Ownership(**{name: row[name] for name in _OWNERSHIP})


def flow_run_row(run: FlowRun) -> dict[str, Any]:
    return {
        **{name: getattr(run, name) for name in _PLAIN},
        **{name: getattr(run.spec, name) for name in _SPEC},
        **{name: getattr(run.ownership, name) for name in _OWNERSHIP},
        **state_row(run.state),
        "folded_name": folded(run.name),
        "tags": list(run.spec.tags),
        "labels": dict(run.spec.labels),
        "retry_policy": _policy_row(run.spec.retry_policy),
        "spec": run.spec.content,
        "parameters": run.spec.parameters,
        "attempt_cause": run.attempt_cause,
        "next_cause": run.next_cause.value,
        "creator_kind": run.creator.kind.value,
        "creator_id": run.creator.id,
        "failure_brief": run.failure.brief,
        "failure": run.failure.whole,
    }


def label_rows(run: FlowRun) -> list[dict[str, Any]]:
    """Return the rows by which a run is found; a tag is the value of the key ""."""
    found = [("", tag) for tag in run.spec.tags] + list(run.spec.labels.items())
    return [
        {"namespace": run.namespace, "key": key, "value": value, "flow_run_id": run.id}
        for key, value in found
    ]


def count_of(row: Row) -> FlowRunCount:
    """Return a count; what it was not grouped by has no column."""
    state_type, bucket = row.get("state_type"), row.get("bucket_start")
    return FlowRunCount(
        count=row["count"],
        state_type=StateType(state_type) if state_type else None,
        state_name=row.get("state_name", ""),
        flow_name=row.get("flow_name", ""),
        deployment_id=row.get("deployment_id"),
        work_pool=row.get("work_pool", ""),
        work_queue=row.get("work_queue", ""),
        bucket_start_time=None if bucket is None else EPOCH + bucket * _MICROSECOND,
    )


def _spec_of(row: Row) -> RunSpec:
    return RunSpec(
        **{name: row[name] for name in _SPEC},
        tags=tuple(row["tags"]),
        labels=row["labels"],
        retry_policy=_policy_of(row["retry_policy"]),
        content=row["spec"],
        parameters=row.get("parameters", b""),
    )


def _failure_of(row: Row) -> FailureRecord:
    brief = row["failure_brief"]
    return FailureRecord(brief=brief, whole=row.get("failure", b"")) if brief else NO_FAILURE


def _policy_of(kept: Mapping[str, Any] | None) -> RetryPolicy:
    if kept is None:
        return NO_RETRIES
    return RetryPolicy(
        max_retries=kept["max_retries"],
        retry_delays=tuple(it * _MICROSECOND for it in kept["retry_delays"]),
        jitter_factor=kept["jitter_factor"],
        retry_on=tuple(kept["retry_on"]),
        no_retry_on=tuple(kept["no_retry_on"]),
    )


def _policy_row(policy: RetryPolicy) -> dict[str, Any] | None:
    if policy == NO_RETRIES:
        return None
    return {
        "max_retries": policy.max_retries,
        "retry_delays": [it // _MICROSECOND for it in policy.retry_delays],
        "jitter_factor": policy.jitter_factor,
        "retry_on": list(policy.retry_on),
        "no_retry_on": list(policy.no_retry_on),
    }
