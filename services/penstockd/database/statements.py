"""A statement as constant text for both databases, with the conversions it needs made ready."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeAlias

from penstockd.database.kinds import (
    FROM_POSTGRESQL,
    FROM_SQLITE,
    INTO_POSTGRESQL,
    INTO_SQLITE,
    Convert,
    Kind,
)

Typed: TypeAlias = tuple[tuple[str, Kind], ...]
ToValues: TypeAlias = Callable[[Mapping[str, Any]], Sequence[Any]]
ToRow: TypeAlias = Callable[[Sequence[Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Binds have the same numbers in both texts: `?1` in SQLite, `$1` in PostgreSQL."""

    name: str
    sqlite: str
    postgresql: str
    binds: Typed = ()
    columns: Typed = ()
    writes: bool = field(init=False, repr=False, compare=False)
    sqlite_values: ToValues = field(init=False, repr=False, compare=False)
    sqlite_row: ToRow = field(init=False, repr=False, compare=False)
    postgresql_values: ToValues = field(init=False, repr=False, compare=False)
    postgresql_row: ToRow = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ready: dict[str, Any] = {
            "writes": not self.postgresql.startswith("SELECT"),
            "sqlite_values": _to_values(self.binds, INTO_SQLITE),
            "sqlite_row": to_row(self.columns, FROM_SQLITE),
            "postgresql_values": _to_values(self.binds, INTO_POSTGRESQL),
            "postgresql_row": to_row(self.columns, FROM_POSTGRESQL),
        }
        for name, value in ready.items():
            object.__setattr__(self, name, value)


def _to_values(binds: Typed, into: Mapping[Kind, Convert]) -> ToValues:
    names = [name for name, _ in binds]
    if len(names) < 2:
        return _few_values(names, [into.get(kind) for _, kind in binds])
    pick = itemgetter(*names)
    places = [(place, into[kind]) for place, (_, kind) in enumerate(binds) if kind in into]

    def to_values(given: Mapping[str, Any]) -> Sequence[Any]:
        values = list(pick(given))
        for place, convert in places:
            if (value := values[place]) is not None:
                values[place] = convert(value)
        return values

    return to_values if places else pick


def _few_values(names: list[str], converts: list[Convert | None]) -> ToValues:
    if not names:
        return lambda _given: ()
    (name,), (convert,) = names, converts
    if convert is None:
        return lambda given: (given[name],)
    chosen = convert
    return lambda given: (None if given[name] is None else chosen(given[name]),)


def to_row(columns: Typed, out_of: Mapping[Kind, Convert]) -> ToRow:
    names = [name for name, _ in columns]
    converted = [(name, out_of[kind]) for name, kind in columns if kind in out_of]

    def to_dict(values: Sequence[Any]) -> dict[str, Any]:
        row = dict(zip(names, values, strict=True))
        for name, convert in converted:
            if (value := row[name]) is not None:
                row[name] = convert(value)
        return row

    return to_dict
