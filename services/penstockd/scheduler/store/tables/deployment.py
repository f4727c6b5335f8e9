"""Deployments and their versions."""

import sqlalchemy as sa

from penstockd.database.columns import Bytes, Int, Json, Text, UtcTime, Uuid
from penstockd.scheduler.store.tables import metadata

# What its newest version is found by stands here, beside the words that make no version.
deployment = sa.Table(
    "scheduler_deployment",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("flow_name", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    # By which they are searched, in any case of letters.
    sa.Column("folded_flow_name", Text, nullable=False),
    sa.Column("folded_name", Text, nullable=False),
    sa.Column("version", Int, nullable=False),
    sa.Column("work_pool", Text, nullable=False),
    sa.Column("work_queue", Text, nullable=False),
    sa.Column("tags", Json, nullable=False),
    sa.Column("description", Text, nullable=False),
    sa.Column("revision", Int, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
    sa.Column("update_time", UtcTime, nullable=False),
    sa.UniqueConstraint("namespace", "flow_name", "name"),
)

# Append-only: a version never changes.
deployment_version = sa.Table(
    "scheduler_deployment_version",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("deployment_id", Uuid, primary_key=True),
    sa.Column("version", Int, primary_key=True, autoincrement=False),
    sa.Column("spec", Bytes, nullable=False),
    sa.Column("parameters", Bytes, nullable=False),
    sa.Column("parameter_schema", Bytes, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
)
