"""Task runs as they are."""

import sqlalchemy as sa

from penstockd.database.columns import Bool, Bytes, Int, Json, Text, UtcTime, Uuid
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import needed, state_columns

task_run = sa.Table(
    "state_task_run",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    needed("flow_run_id", Uuid),
    needed("position", Int),
    needed("epoch", Int),
    needed("name", Text),
    needed("task_name", Text),
    needed("task_key", Text),
    needed("source_digest", Bytes),
    needed("input_digest", Bytes),
    needed("occurrence", Int),
    sa.Column("parent_task_run_id", Uuid),
    needed("upstream", Bytes),
    sa.Column("tags", Json),
    needed("has_rollback_hook", Bool),
    *state_columns(),
    needed("attempt", Int),
    sa.Column("attempt_cause", Text),
    needed("revision", Int),
    needed("inputs", Bytes),
    needed("result", Bytes),
    needed("failure", Bytes),
    needed("create_time", UtcTime),
    sa.Column("start_time", UtcTime),
    sa.Column("end_time", UtcTime),
    sa.UniqueConstraint("namespace", "flow_run_id", "position"),
)
