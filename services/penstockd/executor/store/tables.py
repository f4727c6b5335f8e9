"""The tables of the executor service, all with its prefix."""

import sqlalchemy as sa

from penstockd.database.columns import Int, Text, UtcTime, Uuid
from penstockd.database.service_tables import outbox_table

metadata = sa.MetaData()

execution = sa.Table(
    "executor_execution",
    metadata,
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("namespace", Text, nullable=False),
    sa.Column("flow_run_id", Uuid, nullable=False),
    sa.Column("fence", Int, nullable=False),
    sa.Column("incarnation", Uuid, nullable=False),
    sa.Column("runtime", Text, nullable=False),
    sa.Column("handle", Text, nullable=False),
    sa.Column("phase", Text, nullable=False),
    sa.Column("exit_code", Int),
    sa.Column("message", Text, nullable=False),
    sa.Column("start_time", UtcTime, nullable=False),
    sa.Column("end_time", UtcTime),
    sa.Column("captured_size", Int, nullable=False),
    sa.Column("revision", Int, nullable=False),
)
sa.Index("executor_execution_phase", execution.c.phase, execution.c.id)
outbox = outbox_table(metadata, "executor")
