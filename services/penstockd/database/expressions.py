"""Parts of statements that every service writes; binds are named and typed by their columns."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert  # its ON CONFLICT is SQLite's too
from sqlalchemy.ext.compiler import compiles

from penstockd.database.columns import Int, Text

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


class _Each(sa.sql.functions.FunctionElement[Any]):
    inherit_cache = False

    def __init__(self, bind: str) -> None:
        super().__init__()
        self.bind = bind


def each(bind: str) -> sa.TableValuedAlias:
    """Return the texts of one bind, a list, as a table with the column `value`."""
    return _Each(bind).table_valued(sa.column("value", Text()), name=f"each_{bind}")


@compiles(_Each, "sqlite")
def _each_sqlite(element: _Each, compiler: Any, **_options: Any) -> str:
    texts = compiler.number(element.bind, "text[]")
    return f"(SELECT value FROM json_each({texts}))"  # noqa: S608 - a bind's number


@compiles(_Each, "postgresql")
def _each_postgresql(element: _Each, compiler: Any, **_options: Any) -> str:
    texts = compiler.number(element.bind, "text[]")
    return f"(SELECT unnest({texts}) AS value)"
