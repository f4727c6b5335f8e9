"""How far each feed of the state service has been read."""

import sqlalchemy as sa

from penstockd.database.columns import Text
from penstockd.scheduler.store.tables import metadata

cursor = sa.Table(
    "scheduler_cursor",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("feed", Text, primary_key=True),
    sa.Column("cursor", Text, nullable=False),
)
