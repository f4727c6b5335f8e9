"""Contents, whose bytes are kept elsewhere."""

import sqlalchemy as sa

from penstockd.artifact.store.tables import metadata
from penstockd.database.columns import Bytes, Int, Text, UtcTime

content = sa.Table(
    "artifact_content",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("sha256", Bytes, primary_key=True),
    sa.Column("size", Int, nullable=False),
    sa.Column("create_time", UtcTime, nullable=False),
)
