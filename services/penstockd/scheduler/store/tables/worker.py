"""Workers."""

import sqlalchemy as sa

from penstockd.database.columns import Bool, Int, Json, Text, UtcTime, Uuid
from penstockd.scheduler.store.tables import metadata

worker = sa.Table(
    "scheduler_worker",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("work_pool", Text, nullable=False),
    sa.Column("work_queues", Json, nullable=False),
    sa.Column("slots", Int, nullable=False),
    sa.Column("protocol_version", Int, nullable=False),
    sa.Column("programs", Json, nullable=False),
    sa.Column("handlers", Json, nullable=False),
    sa.Column("execution_address", Text, nullable=False),
    sa.Column("alive", Bool, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
)
sa.Index("scheduler_worker_newest", worker.c.namespace, worker.c.create_time, worker.c.id)
