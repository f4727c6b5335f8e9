"""The history of flow runs."""

import sqlalchemy as sa

from penstockd.database.columns import Bytes, Int, Text, UtcTime, Uuid
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import needed, state_columns

# Append-only, until its run is deleted. What else moves of a run is kept with each transition,
# so that a watch shows the run as the change left it.
transition = sa.Table(
    "state_transition",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("revision", Int, primary_key=True),
    *state_columns(),
    needed("attempt", Int),
    sa.Column("attempt_cause", Text),
    needed("epoch", Int),
    sa.Column("session_id", Uuid),
    sa.Column("start_time", UtcTime),
    sa.Column("result_id", Uuid),
    needed("failure_brief", Bytes),
    needed("actor_kind", Text),
    needed("actor_id", Text),
    # What the owner showed; 0 when another actor moved the run.
    needed("fence", Int),
    sqlite_with_rowid=False,
)
