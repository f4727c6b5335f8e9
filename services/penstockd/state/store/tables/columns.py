"""What the tables of several resources are made of."""

from typing import Any

import sqlalchemy as sa

from penstockd.database.columns import Bool, Text, UtcTime


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


def index_some(name: str, *columns: Any, where: Any, unique: bool = False) -> None:
    """Index only the rows that somebody looks for."""
    sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
