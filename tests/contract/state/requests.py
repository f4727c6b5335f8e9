"""Requests as callers send them; every id is fresh unless a test names it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration

from builders import NAMESPACE, NOON, an_id
from penstock.api.state.v1 import (
    flow_run_filter_pb2,
    flow_run_service_pb2,
    journal_pb2,
    journal_service_pb2,
    lease_service_pb2,
    log_pb2,
    log_service_pb2,
    state_pb2,
    transition_service_pb2,
    worker_session_pb2,
    worker_session_service_pb2,
)
from penstock.api.type.v1 import (
    failure_pb2,
    launch_spec_pb2,
    lease_pb2,
    payload_pb2,
    retry_policy_pb2,
    run_ref_pb2,
    run_spec_pb2,
    time_range_pb2,
)

POOL, QUEUE = "river", "default"
NULL = payload_pb2.Payload(content_type="application/json", inline=b"null")
LAUNCH = launch_spec_pb2.LaunchSpec(
    python=launch_spec_pb2.PythonProgram(entrypoint="pipeline.py:pipeline")
)
_SPEC = {field.name for field in run_spec_pb2.RunSpec.DESCRIPTOR.fields}

TRACEPARENT = f"00-{7:032x}-{7:016x}-01"


def fresh() -> str:
    return str(an_id())


def a_creation(**changes: Any) -> flow_run_service_pb2.CreateFlowRunRequest:
    """Changes of its specification may be among others."""
    spec = {name: changes.pop(name) for name in _SPEC & changes.keys()}
    if spec.get("work_pool"):
        spec = {"launch": LAUNCH, **spec}
    request = flow_run_service_pb2.CreateFlowRunRequest(
        request_id=fresh(),
        namespace=NAMESPACE,
        spec=run_spec_pb2.RunSpec(**{"flow_name": "pipeline", **spec}),
    )
    request.MergeFrom(flow_run_service_pb2.CreateFlowRunRequest(**changes))
    return request


def a_retry_policy(
    max_retries: int = 1, *, delays: Iterable[float] = (), **more: Any
) -> retry_policy_pb2.RetryPolicy:
    policy = retry_policy_pb2.RetryPolicy(max_retries=max_retries, **more)
    for seconds in delays:
        policy.retry_delays.add().FromTimedelta(timedelta(seconds=seconds))
    return policy


def a_failure(
    error_type: str = "builtins.ValueError", *, retry_after: float | None = None, **more: Any
) -> failure_pb2.Failure:
    failure = failure_pb2.Failure(error_type=error_type, message="dry", **more)
    if retry_after is not None:
        failure.retry_after.FromTimedelta(timedelta(seconds=retry_after))
    return failure


def a_run_ref(flow_run_id: str) -> run_ref_pb2.RunRef:
    return run_ref_pb2.RunRef(flow_run_id=flow_run_id)


def a_claim_for(session_id: str, kind: str = "SCRIPT") -> worker_session_pb2.SessionClaim:
    return worker_session_pb2.SessionClaim(session_id=session_id, kind=kind_number(kind))


def kind_number(kind: str) -> Any:
    return worker_session_pb2.SessionKind.Value(f"SESSION_KIND_{kind}")


def type_number(name: str) -> Any:
    return state_pb2.StateType.Value(f"STATE_TYPE_{name}")


def type_of(state: state_pb2.State) -> str:
    return state_pb2.StateType.Name(state.state_type).removeprefix("STATE_TYPE_")


def cause_of(attempted: Any) -> str:
    """Return why an attempt was made, of a run or of an entry of its history."""
    name = state_pb2.AttemptCause.Name(attempted.attempt_cause)
    return name.removeprefix("ATTEMPT_CAUSE_")


def a_move(
    flow_run_id: str,
    to: str,
    *,
    lease: lease_pb2.LeaseRef | None = None,
    name: str = "",
    **changes: Any,
) -> transition_service_pb2.TransitionFlowRunRequest:
    return transition_service_pb2.TransitionFlowRunRequest(
        request_id=fresh(),
        namespace=NAMESPACE,
        flow_run_id=flow_run_id,
        lease=lease,
        to_state=state_pb2.State(state_type=type_number(to), name=name),
        **changes,
    )


def a_cancel(flow_run_id: str, message: str = "") -> Any:
    return flow_run_service_pb2.CancelFlowRunRequest(
        request_id=fresh(), namespace=NAMESPACE, flow_run_id=flow_run_id, message=message
    )


def a_decree(flow_run_id: str, to: str, *, force: bool = False) -> Any:
    return flow_run_service_pb2.SetFlowRunStateRequest(
        request_id=fresh(),
        namespace=NAMESPACE,
        flow_run_id=flow_run_id,
        to_state=state_pb2.State(state_type=type_number(to), message="by decree"),
        force=force,
    )


def a_deletion(flow_run_id: str, *, cancel: bool = False) -> Any:
    return flow_run_service_pb2.DeleteFlowRunRequest(
        request_id=fresh(), namespace=NAMESPACE, flow_run_id=flow_run_id, cancel=cancel
    )


def a_session(kind: str = "EXECUTOR", session_id: str = "") -> Any:
    return worker_session_service_pb2.OpenWorkerSessionRequest(
        namespace=NAMESPACE, session_id=session_id or fresh(), kind=kind_number(kind)
    )


def a_claim(
    session_id: str, *, limit: int = 1, queues: Iterable[str] = (QUEUE,), **more: Any
) -> Any:
    """A claim of a worker that starts flows in Python, unless it says otherwise."""
    starts = more or {"programs": [launch_spec_pb2.PROGRAM_KIND_PYTHON]}
    return lease_service_pb2.ClaimRequest(
        request_id=fresh(),
        namespace=NAMESPACE,
        session_id=session_id,
        work_pool=POOL,
        work_queues=queues,
        limit=limit,
        **starts,
    )


def a_renewal(
    session_id: str,
    *reports: tuple[lease_pb2.LeaseRef, str],
    wait: timedelta = timedelta(0),
    checkpoint: payload_pb2.Payload | None = None,
) -> lease_service_pb2.RenewRequest:
    parks = Duration()
    parks.FromTimedelta(wait)
    return lease_service_pb2.RenewRequest(
        namespace=NAMESPACE,
        session_id=session_id,
        wait=parks,
        reports=[
            lease_pb2.LeaseReport(
                lease=lease,
                phase=lease_pb2.LeasePhase.Value(f"LEASE_PHASE_{phase}"),
                checkpoint=checkpoint,
            )
            for lease, phase in reports
        ],
    )


def ruling_of(verdict: lease_pb2.LeaseVerdict) -> str:
    return lease_pb2.LeaseRuling.Name(verdict.ruling).removeprefix("LEASE_RULING_")


def an_ending(lease: lease_pb2.LeaseRef, what: str = "ended", **more: Any) -> Any:
    outcome = lease_service_pb2.LeaseOutcome(lease=lease)
    getattr(outcome, what).message = more.pop("message", "exit code 1")
    if what == "ended":
        outcome.ended.interrupted = more.get("interrupted", False)
    if "delay" in more:
        outcome.given_back.delay.FromTimedelta(more["delay"])
    return lease_service_pb2.CompleteRequest(namespace=NAMESPACE, outcomes=[outcome])


def called(task_run_id: str, state_type: str = "RUNNING") -> journal_pb2.JournalEntry:
    entry = journal_pb2.JournalEntry()
    entry.time.FromDatetime(NOON)
    entry.called.task_run_id = task_run_id
    entry.called.name, entry.called.task_name = "pour-0", "pour"
    entry.called.step.task_key = "pour:pipeline.py"
    entry.called.state_type = type_number(state_type)
    return entry


def moved(
    task_run_id: str, to: str = "COMPLETED", *, name: str = "", attempt: int = 0
) -> journal_pb2.JournalEntry:
    entry = journal_pb2.JournalEntry()
    entry.time.FromDatetime(NOON)
    entry.moved.task_run_id = task_run_id
    entry.moved.state.state_type, entry.moved.state.name = type_number(to), name
    entry.moved.attempt = attempt
    if to == "COMPLETED":
        entry.moved.result.CopyFrom(NULL)
    return entry


def an_append(
    lease: lease_pb2.Lease, *entries: journal_pb2.JournalEntry, first: int = 1
) -> journal_service_pb2.AppendJournalRequest:
    return journal_service_pb2.AppendJournalRequest(
        request_id=fresh(),
        namespace=NAMESPACE,
        run=lease.run,
        lease=lease.lease_ref,
        first_sequence=first,
        entries=entries,
    )


def some_logs(
    lease: lease_pb2.Lease,
    *offsets: int,
    source: str = "run",
    level: int = 20,
    last: bool = False,
) -> log_service_pb2.AppendLogsRequest:
    lines = [
        log_pb2.LogLine(offset=offset, level=level, logger="pipeline", message=f"line {offset}")
        for offset in offsets
    ]
    for line in lines:
        line.time.FromDatetime(NOON)
    return log_service_pb2.AppendLogsRequest(
        namespace=NAMESPACE,
        run=lease.run,
        lease=lease.lease_ref,
        source=source,
        lines=lines,
        last=last,
    )


def stale(lease: lease_pb2.Lease) -> lease_pb2.Lease:
    """Return the lease as somebody holds it who does not know yet that it was lost."""
    old = lease_pb2.Lease()
    old.CopyFrom(lease)
    old.lease_ref.fence += 1
    return old


def later(moment: datetime, **by: float) -> datetime:
    return moment + timedelta(**by)


def a_filter(*types: str, **more: Any) -> flow_run_filter_pb2.FlowRunFilter:
    return flow_run_filter_pb2.FlowRunFilter(state_types=map(type_number, types), **more)


def a_span(start: datetime | None = None, end: datetime | None = None) -> Any:
    span = time_range_pb2.TimeRange()
    if start is not None:
        span.start.FromDatetime(start)
    if end is not None:
        span.end.FromDatetime(end)
    return span
