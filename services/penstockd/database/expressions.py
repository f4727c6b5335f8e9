"""Parts of statements that every service writes; binds are named and typed by their columns."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert  # its ON CONFLICT is SQLite's too

from penstockd.database.columns import Int

LIMIT = sa.bindparam("limit", type_=Int())


def bind(column: sa.Column[Any], name: str | None = None) -> sa.BindParameter[Any]:
    return sa.bindparam(name or column.name, type_=column.type)


def binds(*columns: sa.Column[Any]) -> dict[str, sa.BindParameter[Any]]:
    return {column.name: bind(column) for column in columns}


def insert_into(table: sa.Table) -> Insert:
    return insert(table).values(binds(*table.c))


def equals(column: sa.Column[Any], name: str | None = None) -> sa.ColumnElement[bool]:
    return column == bind(column, name)


def keyed(table: sa.Table, *names: str) -> sa.ColumnElement[bool]:
    """The named columns have the values of binds of the same names."""
    return sa.and_(*(equals(table.c[name]) for name in names))
