"""The tables of the artifact service, all with its prefix."""

import sqlalchemy as sa

from penstockd.database.columns import Bytes, Int, Text, UtcTime, Uuid
from penstockd.database.service_tables import outbox_table, request_log_table

metadata = sa.MetaData()

content = sa.Table(
    "artifact_content",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("sha256", Bytes, primary_key=True),
    sa.Column("size", Int, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
)

# The payload is inline, or names a content by sha256 and size.
result = sa.Table(
    "artifact_result",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("flow_run_id", Uuid, nullable=False),
    sa.Column("task_run_id", Uuid),
    sa.Column("fence", Int, nullable=False),
    sa.Column("content_type", Text, nullable=False),
    sa.Column("inline", Bytes),
    sa.Column("sha256", Bytes),
    sa.Column("size", Int),
    sa.Column("traceparent", Text, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
)
sa.Index("artifact_result_flow_run", result.c.namespace, result.c.flow_run_id)

# The highest fence that published for a flow run.
fence = sa.Table(
    "artifact_fence",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("fence", Int, nullable=False),
)

outbox = outbox_table(metadata, "artifact")
request_log = request_log_table(metadata, "artifact")
