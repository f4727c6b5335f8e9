"""The kinds of value that a column may have, and how each database holds them."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

Kind = Literal[
    "text", "int", "bool", "uuid", "time", "duration", "json", "bytes", "float",
    "text[]", "int[]", "uuid[]", "time[]",
]  # fmt: skip
Convert: TypeAlias = Callable[[Any], Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def microseconds(time: datetime) -> int:
    """Since 1970. Raises as `_kept`."""
    return (_kept(time) - _EPOCH) // _MICROSECOND


def time_at(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def span(duration: timedelta) -> int:
    return duration // _MICROSECOND


def span_of(microseconds: int) -> timedelta:
    return timedelta(microseconds=microseconds)


def _uuid_bytes(value: UUID) -> bytes:
    return value.bytes


def _uuid(value: bytes) -> UUID:
    return UUID(bytes=value)


def _joined(values: Sequence[UUID]) -> bytes:
    return b"".join(value.bytes for value in values)


def _kept(time: datetime) -> datetime:
    """Return a time that is the same again when it is read.

    One without a zone could mean any of 38. The first and the last moments that Python has
    become infinite in PostgreSQL, and their rows can then not be read at all.
    """
    if time.tzinfo is None:
        raise TypeError(f"{time} has no time zone")
    if not _EPOCH <= time < _END_OF_TIME:
        raise ValueError(f"{time} is outside the times that can be stored")
    return time


def _all_kept(times: Sequence[datetime]) -> list[datetime]:
    return list(map(_kept, times))


def _utc(time: datetime) -> datetime:
    return time if time.tzinfo is UTC else time.astimezone(UTC)


# How a value goes into the database, and how it comes out; a kind that is absent goes as it is.
INTO_SQLITE: Mapping[Kind, Convert] = {
    "uuid": _uuid_bytes,
    "time": microseconds,
    "duration": span,
    "json": _json_text,
    "bool": int,
    "uuid[]": _joined,
    "text[]": _json_text,
    "int[]": _json_text,
}
FROM_SQLITE: Mapping[Kind, Convert] = {
    "uuid": _uuid,
    "time": time_at,
    "duration": span_of,
    "json": json.loads,
    "bool": bool,
}
INTO_POSTGRESQL: Mapping[Kind, Convert] = {
    "time": _kept,
    "duration": span,
    "json": _json_text,
    "uuid[]": list,
    "text[]": list,
    "int[]": list,
    "time[]": _all_kept,
}
FROM_POSTGRESQL: Mapping[Kind, Convert] = {
    "time": _utc,
    "duration": span_of,
    "json": json.loads,
}
POSTGRESQL_TYPES: Mapping[Kind, str] = {
    "text": "text",
    "int": "bigint",
    "bool": "boolean",
    "uuid": "uuid",
    "time": "timestamptz",
    "duration": "bigint",
    "json": "jsonb",
    "bytes": "bytea",
    "float": "float8",
    "text[]": "text[]",
    "int[]": "bigint[]",
    "uuid[]": "uuid[]",
    "time[]": "timestamptz[]",
}
