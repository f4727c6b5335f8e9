"""Work pools and their queues."""

import sqlalchemy as sa

from penstockd.database.columns import Int, Text, UtcTime, Uuid
from penstockd.scheduler.store.tables import metadata

work_pool = sa.Table(
    "scheduler_work_pool",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    sa.Column("id", Uuid, nullable=False),
    sa.Column("pool_type", Text, nullable=False),
    sa.Column("description", Text, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
    sa.Column("revision", Int, nullable=False),
    sa.UniqueConstraint("namespace", "id"),
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
