"""What became of leases. A lease itself lives in the row of its run."""

import sqlalchemy as sa

from penstockd.database.columns import Int, Text, UtcTime, Uuid
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import needed, state_columns

# Kept as long as a worker may repeat its Complete: the run may have another owner by then.
lease_outcome = sa.Table(
    "state_lease_outcome",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("lease_id", Uuid, primary_key=True),
    sa.Column("fence", Int, primary_key=True, autoincrement=False),
    *state_columns(),
    needed("create_time", UtcTime),
    sqlite_with_rowid=False,
)
sa.Index("state_lease_outcome_age", lease_outcome.c.create_time)
