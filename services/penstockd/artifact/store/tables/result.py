"""Results, and who may publish them."""

import sqlalchemy as sa

from penstockd.artifact.store.tables import metadata
from penstockd.database.columns import Bytes, Int, Json, Text, UtcTime, Uuid

# The payload is inline, or names a content by sha256 and size.
result = sa.Table(
    "artifact_result",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("flow_run_id", Uuid, nullable=False),
    sa.Column("lease_id", Uuid, nullable=False),
    sa.Column("fence", Int, nullable=False),
    sa.Column("content_type", Text, nullable=False),
    sa.Column("inline", Bytes),
    sa.Column("sha256", Bytes),
    sa.Column("size", Int),
    sa.Column("integer_pointers", Json, nullable=False),
    sa.Column("redacted_pointers", Json, nullable=False),
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
