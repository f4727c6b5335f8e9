"""The tables of the scheduler, all with its prefix."""

import sqlalchemy as sa

from penstockd.database.columns import Bool, Int, Json, Text, UtcTime, Uuid
from penstockd.database.service_tables import outbox_table, request_log_table

metadata = sa.MetaData()

work_pool = sa.Table(
    "scheduler_work_pool",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    sa.Column("id", Uuid, nullable=False),
    sa.Column("type", Text, nullable=False),
    sa.Column("description", Text, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
    sa.Column("revision", Int, nullable=False),
)

work_queue = sa.Table(
    "scheduler_work_queue",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("work_pool", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    sa.Column("priority", Int, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
)

worker = sa.Table(
    "scheduler_worker",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("work_pool", Text, nullable=False),
    sa.Column("work_queues", Json, nullable=False),
    sa.Column("slots", Int, nullable=False),
    sa.Column("labels", Json, nullable=False),
    sa.Column("protocol_version", Int, nullable=False),
    sa.Column("features", Json, nullable=False),
    sa.Column("alive", Bool, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
)
sa.Index("scheduler_worker_newest", worker.c.namespace, worker.c.create_time, worker.c.id)

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

# How far each feed of the state service has been read.
cursor = sa.Table(
    "scheduler_cursor",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("feed", Text, primary_key=True),
    sa.Column("cursor", Text, nullable=False),
)

outbox = outbox_table(metadata, "scheduler")
request_log = request_log_table(metadata, "scheduler")
