"""The tables that every service has: its outbox and its request log."""

import sqlalchemy as sa

from penstockd.database.columns import Bytes, Int, Text, UtcTime, Uuid


def outbox_table(metadata: sa.MetaData, service: str) -> sa.Table:
    """Add the outbox, append-only: `change_feed.Outbox(service)` writes and reads it."""
    sa.Table(
        f"{service}_outbox_floor",
        metadata,
        sa.Column("one", Int, primary_key=True, autoincrement=False),
        sa.Column("txid", Int, nullable=False),
        sa.Column("position", Int, nullable=False),
    )
    outbox = sa.Table(
        f"{service}_outbox",
        metadata,
        sa.Column("position", Int, primary_key=True, autoincrement=True),
        sa.Column("txid", Int, nullable=False),
        sa.Column("namespace", Text, nullable=False),
        sa.Column("kind", Text, nullable=False),
        sa.Column("resource_id", Uuid, nullable=False),
        sa.Column("scope_id", Uuid),
        sa.Column("seq", Int, nullable=False),
        sa.Column("create_time", UtcTime, nullable=False),
        sqlite_autoincrement=True,
    )
    # In SQLite positions are in commit order, and txid is always 0.
    position = sa.Index(f"{service}_outbox_position", outbox.c.txid, outbox.c.position)
    position.ddl_if(dialect="postgresql")
    return outbox


def request_log_table(metadata: sa.MetaData, service: str) -> sa.Table:
    """Add the request log: `request_log.RequestLog(service)` writes and reads it."""
    table = sa.Table(
        f"{service}_request_log",
        metadata,
        sa.Column("namespace", Text, primary_key=True),
        sa.Column("method", Text, primary_key=True),
        sa.Column("request_id", Uuid, primary_key=True),
        sa.Column("request_hash", Bytes, nullable=False),
        sa.Column("response", Bytes),
        sa.Column("create_time", UtcTime, nullable=False),
    )
    sa.Index(f"{service}_request_log_age", table.c.create_time)
    return table
