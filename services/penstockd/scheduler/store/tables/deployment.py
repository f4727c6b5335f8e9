"""Deployments and their versions."""

import sqlalchemy as sa

from penstockd.database.columns import Int, Json, Text, UtcTime, Uuid
from penstockd.scheduler.store.tables import metadata

deployment = sa.Table(
    "scheduler_deployment",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("flow_name", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("version", Int, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
    sa.UniqueConstraint("namespace", "flow_name", "name"),
)

# Append-only: a version never changes.
deployment_version = sa.Table(
    "scheduler_deployment_version",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("deployment_id", Uuid, primary_key=True),
    sa.Column("version", Int, primary_key=True, autoincrement=False),
    sa.Column("entrypoint", Text, nullable=False),
    sa.Column("interpreter", Text, nullable=False),
    sa.Column("working_dir", Text, nullable=False),
    sa.Column("sys_path", Json, nullable=False),
    sa.Column("source_digest", Text, nullable=False),
    sa.Column("flow_version", Text, nullable=False),
    sa.Column("work_pool", Text, nullable=False),
    sa.Column("work_queue", Text, nullable=False),
    sa.Column("parameters", Text, nullable=False),
    sa.Column("parameter_schema", Text, nullable=False),
    sa.Column("tags", Json, nullable=False),
    sa.Column("description", Text, nullable=False),
    sa.Column("max_retries", Int, nullable=False),
    # Microseconds.
    sa.Column("retry_delays", Json, nullable=False),
    sa.Column("update_time", UtcTime, nullable=False),
)
