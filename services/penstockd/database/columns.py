"""Column types for the tables of services: every kind, held alike by both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles

from penstockd.database.kinds import Kind


class _Kinded(sa.TypeDecorator[Any]):
    """A type by kind. Values never pass through it: statements convert them by kind."""

    kind: Kind
    on_sqlite: sa.types.TypeEngine[Any]
    on_postgresql: sa.types.TypeEngine[Any]
    impl: Any = sa.types.NullType
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return self.on_sqlite if dialect.name == "sqlite" else self.on_postgresql


class Text(_Kinded):
    kind = "text"
    impl = sa.Text
    on_sqlite = on_postgresql = sa.Text()


class Int(_Kinded):
    """Up to 64 bits. SQLite numbers rows by itself only in an INTEGER primary key."""

    kind = "int"
    impl = sa.BigInteger
    on_sqlite, on_postgresql = sa.Integer(), sa.BigInteger()


class Bool(_Kinded):
    kind = "bool"
    impl = sa.Boolean
    on_sqlite = on_postgresql = sa.Boolean()


class Uuid(_Kinded):
    """16 bytes in SQLite."""

    kind = "uuid"
    impl = sa.Uuid
    on_sqlite, on_postgresql = sa.LargeBinary(), sa.Uuid()


class UtcTime(_Kinded):
    """A moment, read back in UTC: microseconds since 1970 in SQLite, timestamptz elsewhere."""

    kind = "time"
    impl = sa.DateTime(timezone=True)
    on_sqlite, on_postgresql = sa.Integer(), sa.DateTime(timezone=True)


class Duration(_Kinded):
    """A timedelta, as microseconds in both."""

    kind = "duration"
    impl = sa.BigInteger
    on_sqlite, on_postgresql = sa.Integer(), sa.BigInteger()


class Json(_Kinded):
    """A list or dict: text in SQLite, jsonb in PostgreSQL, which keeps no order of keys."""

    kind = "json"
    impl = sa.Text
    on_sqlite, on_postgresql = sa.Text(), postgresql.JSONB()


class Bytes(_Kinded):
    kind = "bytes"
    impl = sa.LargeBinary
    on_sqlite = on_postgresql = sa.LargeBinary()


class Float(_Kinded):
    kind = "float"
    impl = sa.Float
    on_sqlite, on_postgresql = sa.REAL(), sa.Double()


# Types that SQLAlchemy gives to expressions by itself, most special first.
_PLAIN: tuple[tuple[type[sa.types.TypeEngine[Any]], Kind], ...] = (
    (sa.Boolean, "bool"),
    (sa.Integer, "int"),
    (sa.Float, "float"),
    (sa.LargeBinary, "bytes"),
    (sa.String, "text"),
)


def kind_of(type_: sa.types.TypeEngine[Any]) -> Kind:
    """Return the kind of a column or bind. Raises TypeError."""
    if isinstance(type_, _Kinded):
        return type_.kind
    for plain, kind in _PLAIN:
        if isinstance(type_, plain):
            return kind
    raise TypeError(f"{type_!r} is no kind: use a type of penstockd.database.columns")


class one_of(sa.ColumnElement[bool]):  # noqa: N801 - read as a word in an expression
    """`one_of(table.c.id, "ids")`: the column is among the values of one bind, a list."""

    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], bind: str) -> None:
        self.column = column
        self.bind = bind


# SQLite 3.40 has no way from hex to bytes, so that ids come as one string of bytes.
_CUT = (
    "WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 16 FROM place "
    "WHERE at + 16 < length({0})) SELECT substr({0}, at, 16) FROM place"
)
_EACH = "SELECT value FROM json_each({0})"
_LISTS: dict[Kind, Kind] = {"text": "text[]", "int": "int[]", "uuid": "uuid[]"}


@compiles(one_of, "sqlite")
def _one_of_sqlite(element: one_of, compiler: Any, **options: Any) -> str:
    kind = _LISTS[kind_of(element.column.type)]
    bind = compiler.number(element.bind, kind)
    values = _CUT.format(bind) if kind == "uuid[]" else _EACH.format(bind)
    return f"{compiler.process(element.column, **options)} IN ({values})"


@compiles(one_of, "postgresql")
def _one_of_postgresql(element: one_of, compiler: Any, **options: Any) -> str:
    bind = compiler.number(element.bind, _LISTS[kind_of(element.column.type)])
    return f"{compiler.process(element.column, **options)} = ANY({bind})"


class if_any_one_of(one_of):  # noqa: N801 - read as a word in an expression
    """As `one_of`, but a list without values keeps all: for lists that people filter."""

    inherit_cache = False


@compiles(if_any_one_of, "sqlite")
def _if_any_one_of_sqlite(element: if_any_one_of, compiler: Any, **options: Any) -> str:
    kind = _LISTS[kind_of(element.column.type)]
    bind = compiler.number(element.bind, kind)
    count = "length" if kind == "uuid[]" else "json_array_length"
    return f"({count}({bind}) = 0 OR {_one_of_sqlite(element, compiler, **options)})"


@compiles(if_any_one_of, "postgresql")
def _if_any_one_of_postgresql(element: if_any_one_of, compiler: Any, **options: Any) -> str:
    bind = compiler.number(element.bind, _LISTS[kind_of(element.column.type)])
    among = _one_of_postgresql(element, compiler, **options)
    return f"(cardinality({bind}) = 0 OR {among})"


class if_any_shares(one_of):  # noqa: N801 - read as a word in an expression
    """`if_any_shares(table.c.tags, "tags")`: a JSON list has one of the texts of a bind.

    A bind without texts keeps all.
    """

    inherit_cache = False


@compiles(if_any_shares, "sqlite")
def _if_any_shares_sqlite(element: if_any_shares, compiler: Any, **options: Any) -> str:
    bind = compiler.number(element.bind, "text[]")
    column = compiler.process(element.column, **options)
    among = f"value IN ({_EACH.format(bind)})"
    shares = f"EXISTS (SELECT 1 FROM json_each({column}) WHERE {among})"  # noqa: S608
    return f"(json_array_length({bind}) = 0 OR {shares})"


@compiles(if_any_shares, "postgresql")
def _if_any_shares_postgresql(element: if_any_shares, compiler: Any, **options: Any) -> str:
    bind = compiler.number(element.bind, "text[]")
    column = compiler.process(element.column, **options)
    return f"(cardinality({bind}) = 0 OR {column} ?| {bind})"


class holds_text(one_of):  # noqa: N801 - read as a word in an expression
    """`holds_text(table.c.name, "text")`: the text of one bind is part of the column's."""

    inherit_cache = False


@compiles(holds_text, "sqlite")
def _holds_text_sqlite(element: holds_text, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"instr({column}, {compiler.number(element.bind, 'text')}) > 0"


@compiles(holds_text, "postgresql")
def _holds_text_postgresql(element: holds_text, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"strpos({column}, {compiler.number(element.bind, 'text')}) > 0"


class microseconds_of(sa.ColumnElement[int]):  # noqa: N801 - read as a word in an expression
    """`microseconds_of(table.c.time)`: the moment as microseconds since 1970."""

    inherit_cache = False
    type = Int()

    def __init__(self, column: sa.ColumnElement[Any]) -> None:
        self.column = column


@compiles(microseconds_of, "sqlite")
def _microseconds_sqlite(element: microseconds_of, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.column, **options))


@compiles(microseconds_of, "postgresql")
def _microseconds_postgresql(element: microseconds_of, compiler: Any, **options: Any) -> str:
    # The epoch of a timestamptz is an exact number there.
    column = compiler.process(element.column, **options)
    return f"(extract(epoch from {column}) * 1000000)::bigint"


class bytes_of(sa.ColumnElement[bytes]):  # noqa: N801 - read as a word in an expression
    """`bytes_of(table.c.id)`: the id as its 16 bytes, which cost no conversion."""

    inherit_cache = False
    type = Bytes()

    def __init__(self, column: sa.ColumnElement[Any]) -> None:
        self.column = column


@compiles(bytes_of, "sqlite")
def _bytes_sqlite(element: bytes_of, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.column, **options))


@compiles(bytes_of, "postgresql")
def _bytes_postgresql(element: bytes_of, compiler: Any, **options: Any) -> str:
    return f"uuid_send({compiler.process(element.column, **options)})"


class unindexed(sa.ColumnElement[Any]):  # noqa: N801 - read as a word in an expression
    """`unindexed(table.c.id)`: the column, by which SQLite does not look for rows.

    It has no statistics, and takes an index that gives the order for one that gives few rows.
    """

    inherit_cache = False

    def __init__(self, column: sa.ColumnElement[Any]) -> None:
        self.column = column
        self.type = column.type


@compiles(unindexed, "sqlite")
def _unindexed_sqlite(element: unindexed, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.column, **options)}"


@compiles(unindexed, "postgresql")
def _unindexed_postgresql(element: unindexed, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.column, **options))
