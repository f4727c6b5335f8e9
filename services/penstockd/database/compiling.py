"""From SQLAlchemy Core to constant text; only tools, tests and dynamic lists load this."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect
from sqlalchemy.sql.compiler import SQLCompiler

from penstockd.database.columns import kind_of
from penstockd.database.kinds import (
    FROM_POSTGRESQL,
    FROM_SQLITE,
    POSTGRESQL_TYPES,
    Kind,
    microseconds,
    span,
)
from penstockd.database.ports import Dialect
from penstockd.database.statements import Statement, ToRow, Typed, to_row


class _Numbering(SQLCompiler):
    """Binds become numbers; constants become text."""

    def visit_bindparam(
        self, bindparam: sa.BindParameter[Any], *_arguments: Any, **_options: Any
    ) -> str:
        if not bindparam.required:
            return "NULL" if bindparam.value is None else self._literal(bindparam)
        if bindparam.expanding:
            raise TypeError(f"bind {bindparam.key!r}: lists are bound by columns.one_of")
        name = str(bindparam.key)
        try:
            kind = kind_of(bindparam.type)
        except TypeError as error:
            raise TypeError(f"bind {name!r}: {error}") from None
        return self.number(name, kind)

    def number(self, name: str, kind: Kind) -> str:
        numbers = self.__dict__.setdefault("numbers", {})
        kinds = self.__dict__.setdefault("kinds", {})
        if kinds.setdefault(name, kind) != kind:
            raise TypeError(f"bind {name!r} is both {kinds[name]} and {kind}")
        return self.numbered(numbers.setdefault(name, len(numbers) + 1), kind)

    def _literal(self, bindparam: sa.BindParameter[Any]) -> str:
        render: Any = self.render_literal_bindparam
        return str(render(bindparam))

    def numbered(self, number: int, kind: Kind, /) -> str:
        raise NotImplementedError


class _SqliteText(_Numbering, SQLiteCompiler):
    def numbered(self, number: int, _kind: Kind) -> str:
        return f"?{number}"


class _PostgresqlText(_Numbering, PGCompiler):
    def numbered(self, number: int, kind: Kind) -> str:
        return f"${number}::{POSTGRESQL_TYPES[kind]}"


class _SqliteTextDialect(SQLiteDialect):
    statement_compiler = _SqliteText
    supports_native_boolean = True
    supports_statement_cache = False


class _PostgresqlTextDialect(PGDialect):
    statement_compiler = _PostgresqlText
    supports_statement_cache = False


def statement_of(expression: sa.Executable, name: str) -> Statement:
    """Return the constant text of an expression. Raises TypeError, naming the statement."""
    try:
        sqlite, binds = _compiled(expression, _SqliteTextDialect(paramstyle="named"))
        postgresql, again = _compiled(expression, _PostgresqlTextDialect(paramstyle="named"))  # type: ignore[no-untyped-call]
        if binds != again:
            raise TypeError(f"the databases disagree about binds: {binds} and {again}")  # noqa: TRY301
        columns = _columns(expression)
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None
    return Statement(
        name=name, sqlite=sqlite, postgresql=postgresql, binds=binds, columns=columns
    )


def _compiled(expression: sa.Executable, dialect: sa.Dialect) -> tuple[str, Typed]:
    if isinstance(expression, sa.Insert) and not expression._returning:
        # Otherwise PostgreSQL's text would return the primary key.
        expression = expression.inline()
    compiled: Any = expression.compile(dialect=dialect)  # type: ignore[attr-defined]
    if compiled.insert_prefetch or compiled.update_prefetch:
        raise TypeError("a column has a default in Python: use server_default")
    kinds = compiled.__dict__.get("kinds", {})
    return str(compiled), tuple(kinds.items())


def _columns(expression: sa.Executable) -> Typed:
    if not isinstance(expression, sa.SelectBase | sa.UpdateBase):
        return ()
    columns = tuple((c.name, kind_of(c.type)) for c in expression.exported_columns)
    names = [name for name, _ in columns]
    if len(set(names)) < len(names):
        raise TypeError(f"columns share a name, label them: {names}")
    return columns


@cache
def _stock_dialect(dialect: Dialect) -> sa.Dialect:
    if dialect == "sqlite":
        return SQLiteDialect(paramstyle="qmark")
    return asyncpg.dialect()  # type: ignore[no-untyped-call]


def compile_select(
    build: Callable[[], sa.Select[Any]], dialect: Dialect
) -> tuple[str, Sequence[Any], ToRow]:
    """Return text, values and the making of rows, for a query that was built just now."""
    query = build()
    compiled: Any = query.compile(
        dialect=_stock_dialect(dialect), compile_kwargs={"render_postcompile": True}
    )
    convert = _sqlite_value if dialect == "sqlite" else _postgresql_value
    values = [convert(compiled.params[name]) for name in compiled.positiontup]
    out_of = FROM_SQLITE if dialect == "sqlite" else FROM_POSTGRESQL
    return str(compiled), values, to_row(_columns(query), out_of)


def _sqlite_value(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case UUID():
            return value.bytes
        case datetime():
            return microseconds(value)
        case timedelta():
            return span(value)
        case _:
            return value


def _postgresql_value(value: Any) -> Any:
    return span(value) if isinstance(value, timedelta) else value
