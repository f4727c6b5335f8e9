"""Journals."""

import sqlalchemy as sa

from penstockd.database.columns import Bytes, Int, Text, Uuid
from penstockd.state.store.tables import metadata
from penstockd.state.store.tables.columns import needed

# Append-only: batches as they came are the history of task runs, and their own request log.
journal = sa.Table(
    "state_journal",
    metadata,
    sa.Column("namespace", Text, primary_key=True),
    sa.Column("flow_run_id", Uuid, primary_key=True),
    sa.Column("fence", Int, primary_key=True),
    sa.Column("first_sequence", Int, primary_key=True),
    needed("count", Int),
    needed("request_id", Uuid),
    needed("request_hash", Bytes),
    needed("entries", Bytes),
    sa.UniqueConstraint("namespace", "request_id"),
)
