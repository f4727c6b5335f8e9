"""Where the bytes of this database's contents are: one place for all replicas."""

import sqlalchemy as sa

from penstockd.artifact.store.tables import metadata
from penstockd.database.columns import Text, UtcTime, Uuid

# One row, by its kind: no second place can come in between.
content_home = sa.Table(
    "artifact_content_home",
    metadata,
    sa.Column("kind", Text, primary_key=True),
    sa.Column("id", Uuid, nullable=False),
    sa.Column("place", Text, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
)
