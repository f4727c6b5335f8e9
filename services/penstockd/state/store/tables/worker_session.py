"""Worker sessions."""

import sqlalchemy as sa

from penstockd.database.columns import Bool, Int, Text, UtcTime, Uuid
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import index_some, needed

worker_session = sa.Table(
    "state_worker_session",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("id", Uuid, primary_key=True),
    needed("kind", Text),
    needed("alive", Bool),
    needed("revision", Int),
    needed("create_time", UtcTime),
    sa.Column("lease_until", UtcTime),
    sa.Column("end_time", UtcTime),
    needed("closed", Bool),
)
_session = worker_session.c
index_some("state_worker_session_alive", _session.lease_until, where=_session.alive)
index_some(
    "state_worker_session_ended", _session.end_time, where=_session.end_time.is_not(None)
)
