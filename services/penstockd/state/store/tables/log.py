"""The lines that runs write."""

import sqlalchemy as sa

from penstockd.database.columns import Bool, Int, Text, UtcTime, Uuid
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import index_some, needed

log = sa.Table(
    "state_log",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("position", Int, primary_key=True, autoincrement=False),
    needed("offset", Int),
    needed("time", UtcTime),
    needed("level", Int),
    needed("logger", Text),
    needed("message", Text),
    sa.Column("task_run_id", Uuid),
    needed("attempt", Int),
    sqlite_with_rowid=False,
)

index_some(
    "state_log_task_run", log.c.task_run_id, log.c.position, where=log.c.task_run_id.is_not(None)
)

# How far each source of lines has come.
log_source = sa.Table(
    "state_log_source",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("lease_id", Uuid, primary_key=True),
    sa.Column("source", Text, primary_key=True),
    needed("acknowledged_offset", Int),
    needed("ended", Bool),
    sqlite_with_rowid=False,
)
