"""The tables of the executor service, all with its prefix."""

import sqlalchemy as sa

from penstockd.database.columns import Int, Text, UtcTime, Uuid

metadata = sa.MetaData()

# The row is its own change feed: each write takes the next change number of the table.
execution = sa.Table(
    "executor_execution",
    metadata,
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("namespace", Text, nullable=False),
    sa.Column("flow_run_id", Uuid, nullable=False),
    sa.Column("fence", Int, nullable=False),
    sa.Column("keeper_pid", Int, nullable=False),
    sa.Column("keeper_birth", Text, nullable=False),
    sa.Column("phase", Text, nullable=False),
    sa.Column("pid", Int),
    sa.Column("birth", Text),
    sa.Column("exit_code", Int),
    sa.Column("message", Text, nullable=False),
    sa.Column("start_time", UtcTime, nullable=False),
    sa.Column("end_time", UtcTime),
    sa.Column("captured_size", Int, nullable=False),
    sa.Column("change", Int, nullable=False),
)
sa.Index("executor_execution_change", execution.c.change, unique=True)
sa.Index("executor_execution_phase", execution.c.phase, execution.c.id)
