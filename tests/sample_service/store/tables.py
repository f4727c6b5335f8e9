"""A table with a column of every kind, and the tables that every service has."""

import sqlalchemy as sa

from penstockd.database.columns import (
    Bool,
    Bytes,
    Duration,
    Float,
    Int,
    Json,
    Text,
    UtcTime,
    Uuid,
)
from penstockd.database.service_tables import outbox_table, request_log_table

metadata = sa.MetaData()

thing = sa.Table(
    "sample_thing",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("revision", Int, nullable=False),
    sa.Column("name", Text),
    sa.Column("broken", Bool),
    sa.Column("weight", Float),
    sa.Column("age", Duration),
    sa.Column("labels", Json),
    sa.Column("picture", Bytes),
    sa.Column("parent_id", Uuid),
    sa.Column("create_time", UtcTime, nullable=False),
    sa.Column("update_time", UtcTime),
)
sa.Index("sample_thing_name", thing.c.namespace, thing.c.name)

outbox = outbox_table(metadata, "sample")
request_log = request_log_table(metadata, "sample")
