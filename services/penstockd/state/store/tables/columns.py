"""What the tables of several resources are made of."""

from typing import Any

import sqlalchemy as sa

from penstockd.database.columns import Bool, Bytes, Int, Json, Text, UtcTime, Uuid


def needed(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def state_columns() -> list[sa.Column[Any]]:
    return [
        needed("state_type", Text),
        needed("state_name", Text),
        needed("state_message", Text),
        needed("state_time", UtcTime),
        sa.Column("scheduled_time", UtcTime),
        needed("rolled_back", Bool),
    ]


def spec_columns() -> list[sa.Column[Any]]:
    """What a run was asked to be: what is decided and searched by, and the message itself."""
    return [
        needed("flow_name", Text),
        needed("tags", Json),
        needed("labels", Json),
        needed("work_pool", Text),
        needed("work_queue", Text),
        needed("program", Text),
        sa.Column("retry_policy", Json),
        # The message without its parameters, and those alone: lists leave the latter out.
        needed("spec", Bytes),
        needed("parameters", Bytes),
    ]


def ownership_columns() -> list[sa.Column[Any]]:
    return [
        needed("owned", Bool),
        sa.Column("session_id", Uuid),
        sa.Column("lease_id", Uuid),
        needed("fence", Int),
        sa.Column("ack_deadline", UtcTime),
        sa.Column("cancel_deadline", UtcTime),
        sa.Column("list_deadline", UtcTime),
    ]


def index_some(name: str, *columns: Any, where: Any, unique: bool = False) -> None:
    """Index only the rows that somebody looks for."""
    sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
