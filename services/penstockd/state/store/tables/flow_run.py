"""Flow runs, with their leases, and their history."""

import sqlalchemy as sa

from penstockd.database.columns import Bool, Bytes, Int, Json, Text, UtcTime, Uuid
from penstockd.state.rules.state import StateType
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import index_some, needed, state_columns

flow_run = sa.Table(
    "state_flow_run",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    needed("name", Text),
    needed("flow_id", Uuid),
    needed("flow_name", Text),
    needed("flow_version", Text),
    sa.Column("parent_flow_run_id", Uuid),
    sa.Column("parent_task_run_id", Uuid),
    needed("root_flow_run_id", Uuid),
    sa.Column("deployment_id", Uuid),
    needed("deployment_version", Int),
    needed("launch", Bytes),
    needed("parameters", Bytes),
    needed("tags", Json),
    needed("work_pool", Text),
    needed("work_queue", Text),
    needed("max_retries", Int),
    needed("retry_delays", Json),
    *state_columns(),
    needed("attempt", Int),
    sa.Column("attempt_cause", Text),
    needed("epoch", Int),
    needed("fence", Int),
    needed("revision", Int),
    needed("create_time", UtcTime),
    needed("expected_start_time", UtcTime),
    sa.Column("start_time", UtcTime),
    sa.Column("end_time", UtcTime),
    sa.Column("result_id", Uuid),
    needed("traceparent", Text),
    sa.Column("idempotency_key", Text),
    needed("owned", Bool),
    sa.Column("session_id", Uuid),
    sa.Column("lease_id", Uuid),
    sa.Column("ack_deadline", UtcTime),
    sa.Column("cancel_deadline", UtcTime),
    # What follows belongs to the lease and its journal; a transition leaves it alone.
    needed("lease_phase", Text),
    needed("checkpoint", Bytes),
    needed("next_sequence", Int),
    needed("open_task_runs", Int),
    sa.UniqueConstraint("namespace", "idempotency_key"),
)

_run = flow_run.c
index_some(
    "state_flow_run_ready",
    _run.namespace, _run.work_pool, _run.work_queue, _run.scheduled_time, _run.id,
    where=sa.and_(
        _run.state_type == sa.literal_column(f"'{StateType.SCHEDULED}'"),
        _run.owned == sa.false(),
    ),
)  # fmt: skip
index_some("state_flow_run_owned", _run.namespace, _run.session_id, where=_run.owned)
index_some(
    "state_flow_run_lease", _run.namespace, _run.lease_id, where=_run.lease_id.is_not(None)
)
index_some("state_flow_run_ack", _run.ack_deadline, where=_run.ack_deadline.is_not(None))
index_some(
    "state_flow_run_cancel", _run.cancel_deadline, where=_run.cancel_deadline.is_not(None)
)
index_some(
    "state_flow_run_root", _run.namespace, _run.root_flow_run_id, _run.id,
    where=_run.parent_flow_run_id.is_not(None),
)  # fmt: skip
index_some(
    "state_flow_run_deployment", _run.namespace, _run.deployment_id, _run.id,
    where=_run.deployment_id.is_not(None),
)  # fmt: skip

# Append-only: the history of flow runs.
transition = sa.Table(
    "state_transition",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("revision", Int, primary_key=True),
    *state_columns(),
    needed("attempt", Int),
    needed("fence", Int),
    needed("actor", Text),
    sqlite_with_rowid=False,
)
