"""Flows."""

import sqlalchemy as sa

from penstockd.database.columns import Text, UtcTime, Uuid
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import needed

flow = sa.Table(
    "state_flow",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("name", Text, primary_key=True),
    # By which its name is searched, in any case of letters.
    needed("folded_name", Text),
    needed("id", Uuid),
    needed("create_time", UtcTime),
    sa.UniqueConstraint("namespace", "id"),
    sqlite_with_rowid=False,
)
