"""Flow runs, with their leases."""

import sqlalchemy as sa

from penstockd.database.columns import Bool, Bytes, Int, Text, UtcTime, Uuid
from penstockd.state.rules.state import StateType
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import (
    index_some,
    needed,
    ownership_columns,
    spec_columns,
    state_columns,
)

flow_run = sa.Table(
    "state_flow_run",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    needed("name", Text),
    # By which its name is searched, in any case of letters.
    needed("folded_name", Text),
    needed("flow_id", Uuid),
    sa.Column("parent_flow_run_id", Uuid),
    sa.Column("parent_task_run_id", Uuid),
    needed("root_flow_run_id", Uuid),
    sa.Column("deployment_id", Uuid),
    needed("deployment_version", Int),
    *spec_columns(),
    *state_columns(),
    needed("attempt", Int),
    sa.Column("attempt_cause", Text),
    needed("next_cause", Text),
    needed("epoch", Int),
    needed("revision", Int),
    needed("creator_kind", Text),
    needed("creator_id", Text),
    needed("create_time", UtcTime),
    needed("expected_start_time", UtcTime),
    sa.Column("start_time", UtcTime),
    sa.Column("end_time", UtcTime),
    sa.Column("result_id", Uuid),
    needed("failure_brief", Bytes),
    needed("failure", Bytes),
    needed("traceparent", Text),
    sa.Column("idempotency_key", Text),
    needed("delete_requested", Bool),
    needed("lost_starts", Int),
    needed("is_named", Bool),
    *ownership_columns(),
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
    _run.namespace, _run.work_pool, _run.work_queue, _run.program, _run.scheduled_time, _run.id,
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
index_some("state_flow_run_list", _run.list_deadline, where=_run.list_deadline.is_not(None))
index_some("state_flow_run_deletion", _run.end_time, where=_run.delete_requested)
# What lists are filtered by. Where one is given, the list comes in its order; else it ends
# with the limit, or sorts what is in a span of time.
sa.Index("state_flow_run_flow", _run.namespace, _run.flow_name, _run.id)
sa.Index("state_flow_run_state", _run.namespace, _run.state_type, _run.id)
sa.Index("state_flow_run_created", _run.namespace, _run.create_time)
sa.Index("state_flow_run_expected", _run.namespace, _run.expected_start_time)
index_some(
    "state_flow_run_started", _run.namespace, _run.start_time,
    where=_run.start_time.is_not(None),
)  # fmt: skip
index_some(
    "state_flow_run_ended", _run.namespace, _run.end_time, where=_run.end_time.is_not(None)
)
sa.Index("state_flow_run_pool", _run.namespace, _run.work_pool, _run.id)
index_some(
    "state_flow_run_parent", _run.namespace, _run.parent_flow_run_id, _run.id,
    where=_run.parent_flow_run_id.is_not(None),
)  # fmt: skip
index_some(
    "state_flow_run_root", _run.namespace, _run.root_flow_run_id, _run.id,
    where=_run.parent_flow_run_id.is_not(None),
)  # fmt: skip
index_some(
    "state_flow_run_deployment", _run.namespace, _run.deployment_id, _run.id,
    where=_run.deployment_id.is_not(None),
)  # fmt: skip

# The labels of runs, by which they are found. A tag is the value of the key "".
label = sa.Table(
    "state_flow_run_label",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    sa.Column("value", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sqlite_with_rowid=False,
)
sa.Index("state_flow_run_label_run", label.c.namespace, label.c.flow_run_id)
