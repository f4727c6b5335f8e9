"""The tables of the state service, all with its prefix."""

from typing import Any

import sqlalchemy as sa

from penstockd.database.columns import Bool, Bytes, Int, Json, Text, UtcTime, Uuid
from penstockd.database.service_tables import outbox_table, request_log_table
from penstockd.state.rules.state import StateType

metadata = sa.MetaData()
outbox = outbox_table(metadata, "state")
request_log = request_log_table(metadata, "state")


def _needed(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def _state_columns() -> list[sa.Column[Any]]:
    return [
        _needed("state_type", Text),
        _needed("state_name", Text),
        _needed("state_message", Text),
        _needed("state_time", UtcTime),
        sa.Column("scheduled_time", UtcTime),
        _needed("rolled_back", Bool),
    ]


flow = sa.Table(
    "state_flow",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    _needed("id", Uuid),
    _needed("create_time", UtcTime),
    sa.UniqueConstraint("namespace", "id"),
    sqlite_with_rowid=False,
)

flow_run = sa.Table(
    "state_flow_run",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    _needed("name", Text),
    _needed("flow_id", Uuid),
    _needed("flow_name", Text),
    _needed("flow_version", Text),
    sa.Column("parent_flow_run_id", Uuid),
    sa.Column("parent_task_run_id", Uuid),
    _needed("root_flow_run_id", Uuid),
    sa.Column("deployment_id", Uuid),
    _needed("deployment_version", Int),
    _needed("launch", Bytes),
    _needed("parameters", Bytes),
    _needed("tags", Json),
    _needed("work_pool", Text),
    _needed("work_queue", Text),
    _needed("max_retries", Int),
    _needed("retry_delays", Json),
    *_state_columns(),
    _needed("attempt", Int),
    sa.Column("attempt_cause", Text),
    _needed("epoch", Int),
    _needed("fence", Int),
    _needed("revision", Int),
    _needed("create_time", UtcTime),
    _needed("expected_start_time", UtcTime),
    sa.Column("start_time", UtcTime),
    sa.Column("end_time", UtcTime),
    sa.Column("result_id", Uuid),
    _needed("traceparent", Text),
    sa.Column("idempotency_key", Text),
    _needed("owned", Bool),
    sa.Column("session_id", Uuid),
    sa.Column("lease_id", Uuid),
    sa.Column("ack_deadline", UtcTime),
    sa.Column("cancel_deadline", UtcTime),
    # What follows belongs to the lease and its journal; a transition leaves it alone.
    _needed("lease_phase", Text),
    _needed("checkpoint", Bytes),
    _needed("next_sequence", Int),
    _needed("open_task_runs", Int),
    sa.UniqueConstraint("namespace", "idempotency_key"),
)


def _some(name: str, *columns: Any, where: Any, unique: bool = False) -> None:
    """Index only the rows that somebody looks for."""
    sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


_run = flow_run.c
_some(
    "state_flow_run_ready",
    _run.namespace, _run.work_pool, _run.work_queue, _run.scheduled_time, _run.id,
    where=sa.and_(
        _run.state_type == sa.literal_column(f"'{StateType.SCHEDULED}'"),
        _run.owned == sa.false(),
    ),
)  # fmt: skip
_some("state_flow_run_owned", _run.namespace, _run.session_id, where=_run.owned)
_some("state_flow_run_lease", _run.namespace, _run.lease_id, where=_run.lease_id.is_not(None))
_some("state_flow_run_ack", _run.ack_deadline, where=_run.ack_deadline.is_not(None))
_some("state_flow_run_cancel", _run.cancel_deadline, where=_run.cancel_deadline.is_not(None))
_some("state_flow_run_root", _run.namespace, _run.root_flow_run_id, _run.id,
      where=_run.parent_flow_run_id.is_not(None))  # fmt: skip
_some("state_flow_run_deployment", _run.namespace, _run.deployment_id, _run.id,
      where=_run.deployment_id.is_not(None))  # fmt: skip

# Append-only: the history of flow runs.
transition = sa.Table(
    "state_transition",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("revision", Int, primary_key=True),
    *_state_columns(),
    _needed("attempt", Int),
    _needed("fence", Int),
    _needed("actor", Text),
    sqlite_with_rowid=False,
)

task_run = sa.Table(
    "state_task_run",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    _needed("flow_run_id", Uuid),
    _needed("place", Int),
    _needed("epoch", Int),
    _needed("name", Text),
    _needed("task_name", Text),
    _needed("task_key", Text),
    _needed("source_digest", Bytes),
    _needed("input_digest", Bytes),
    _needed("occurrence", Int),
    sa.Column("parent_task_run_id", Uuid),
    sa.Column("upstream_task_run_ids", Json),
    sa.Column("tags", Json),
    _needed("has_rollback_hook", Bool),
    *_state_columns(),
    _needed("attempt", Int),
    sa.Column("attempt_cause", Text),
    _needed("revision", Int),
    _needed("result", Bytes),
    _needed("create_time", UtcTime),
    sa.Column("start_time", UtcTime),
    sa.Column("end_time", UtcTime),
    sa.UniqueConstraint("namespace", "flow_run_id", "place"),
)

# Append-only: batches as they came are the history of task runs, and their own request log.
journal = sa.Table(
    "state_journal",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("fence", Int, primary_key=True),
    sa.Column("first_sequence", Int, primary_key=True),
    _needed("count", Int),
    _needed("request_id", Uuid),
    _needed("request_hash", Bytes),
    _needed("entries", Bytes),
    sa.UniqueConstraint("namespace", "request_id"),
)

worker_session = sa.Table(
    "state_worker_session",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    _needed("kind", Text),
    _needed("alive", Bool),
    _needed("revision", Int),
    _needed("create_time", UtcTime),
    sa.Column("lease_until", UtcTime),
    sa.Column("end_time", UtcTime),
)
_session = worker_session.c
_some("state_worker_session_alive", _session.lease_until, where=_session.alive)
_some("state_worker_session_ended", _session.end_time, where=_session.end_time.is_not(None))

log = sa.Table(
    "state_log",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("position", Int, primary_key=True, autoincrement=False),
    _needed("offset", Int),
    _needed("time", UtcTime),
    _needed("level", Int),
    _needed("logger", Text),
    _needed("message", Text),
    sa.Column("task_run_id", Uuid),
    _needed("attempt", Int),
    sqlite_with_rowid=False,
)

# How far each source of lines has come.
log_source = sa.Table(
    "state_log_source",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("lease_id", Uuid, primary_key=True),
    sa.Column("source", Text, primary_key=True),
    _needed("acknowledged_offset", Int),
    sqlite_with_rowid=False,
)
