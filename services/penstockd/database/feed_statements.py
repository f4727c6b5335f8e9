"""The statements of an outbox. Their text depends on the service's name and on the filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from penstockd.database.kinds import POSTGRESQL_TYPES, Kind
from penstockd.database.statements import Statement, Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionTexts:
    """How PostgreSQL tells the end of the feed, and which rows lie between two positions."""

    end: str
    between: str
    order: str


# A smaller sequence number may commit after a larger one. What lies below the oldest
# transaction that still runs is final, so that a cursor steps over nothing. (A transaction
# that stays open anywhere in the cluster holds the feed up; and since another cluster counts
# transactions anew, a dump is restored without the rows of the outbox.)
#
# The end is a row, and not the horizon itself: what a crash undoes was no row that anybody
# could read, while the numbers of aborted transactions are given out again after it.
_HORIZON = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_LAST = f"FROM {{outbox}} WHERE txid < {_HORIZON} ORDER BY txid DESC, position DESC LIMIT 1"
SNAPSHOT_HORIZON = PositionTexts(
    end=f"COALESCE((SELECT txid {_LAST}), "  # noqa: S608
    "(SELECT txid FROM {outbox}_floor), 0) AS end_txid, "
    f"COALESCE((SELECT position {_LAST}), "
    "(SELECT position FROM {outbox}_floor), 0) AS end_position",
    between="(txid, position) > ($1::bigint, $2::bigint) "
    "AND (txid, position) <= ($3::bigint, $4::bigint)",
    order="txid, position",
)
_SQLITE_BETWEEN = "position > ?1 + ?2 AND position <= ?3 + ?4"  # each txid is 0

_CHANGE: Typed = (
    ("namespace", "text"), ("kind", "text"), ("resource_id", "uuid"), ("scope_id", "uuid"),
    ("seq", "int"), ("create_time", "time"),
)  # fmt: skip
_POSITION: Typed = (("txid", "int"), ("position", "int"))
_NAMES = ", ".join(name for name, _ in _CHANGE)


class FeedStatements:
    """`positions` exists so that a test can show what a plain `position > cursor` loses."""

    def __init__(self, service: str, positions: PositionTexts) -> None:
        outbox, floor = f"{service}_outbox", f"{service}_outbox_floor"
        self._service = service
        self._positions = positions
        self.append = _append(outbox)
        self.append_lists = _append_lists(outbox)
        self.ends = _ends(outbox, floor, positions)
        self.oldest = _oldest(outbox)
        self.delete = Statement(
            name=f"{service}.outbox.delete",
            sqlite=f"DELETE FROM {outbox} WHERE position <= ?1 + ?2",  # noqa: S608
            postgresql=f"DELETE FROM {outbox} "  # noqa: S608
            "WHERE (txid, position) <= ($1::bigint, $2::bigint)",
            binds=_POSITION,
        )
        self.raise_floor = _raise_floor(floor)

    def changes(
        self, namespace: str | None, kinds: Sequence[str], scope_id: UUID | None
    ) -> Statement:
        wanted = (namespace is not None, bool(kinds), scope_id is not None)
        return _changes(f"{self._service}_outbox", self._positions, wanted)


# The greatest txid so far, since a transaction may have got its id long before it had the
# row: a later change of a resource is then never ordered before an earlier one.
_TXID = "GREATEST(pg_current_xact_id()::text::bigint, (SELECT max(txid) FROM {outbox}))"
_LISTS: tuple[Kind, ...] = ("text[]", "text[]", "uuid[]", "uuid[]", "int[]", "time[]")


def _append(outbox: str) -> Statement:
    txid = _TXID.format(outbox=outbox)
    return Statement(
        name=f"{outbox}.append",
        sqlite=f"INSERT INTO {outbox} (txid, {_NAMES}) VALUES (0, ?1, ?2, ?3, ?4, ?5, ?6)",  # noqa: S608
        postgresql=f"INSERT INTO {outbox} (txid, {_NAMES}) VALUES ({txid}, "  # noqa: S608
        "$1::text, $2::text, $3::uuid, $4::uuid, $5::bigint, $6::timestamptz)",
        binds=_CHANGE,
    )


def _append_lists(outbox: str) -> Statement:
    """One list for each column, which PostgreSQL takes in three times as fast as rows."""
    lists = ", ".join(f"${at}::{POSTGRESQL_TYPES[kind]}" for at, kind in enumerate(_LISTS, 1))
    return Statement(
        name=f"{outbox}.append_lists",
        sqlite="",
        postgresql=f"WITH place AS (SELECT {_TXID.format(outbox=outbox)} AS txid) "  # noqa: S608
        f"INSERT INTO {outbox} (txid, {_NAMES}) SELECT place.txid, {_NAMES} FROM place, "
        f"unnest({lists}) WITH ORDINALITY AS given ({_NAMES}, place) ORDER BY given.place",
        binds=tuple((name, kind) for (name, _), kind in zip(_CHANGE, _LISTS, strict=True)),
    )


def _ends(outbox: str, floor: str, positions: PositionTexts) -> Statement:
    floors = (
        f"COALESCE((SELECT txid FROM {floor}), 0) AS floor_txid, "  # noqa: S608
        f"COALESCE((SELECT position FROM {floor}), 0) AS floor_position"
    )
    last = (
        f"COALESCE((SELECT max(position) FROM {outbox}), "  # noqa: S608
        f"(SELECT position FROM {floor}), 0)"
    )
    return Statement(
        name=f"{outbox}.ends",
        sqlite=f"SELECT 0 AS end_txid, {last} AS end_position, {floors}",
        postgresql=f"SELECT {positions.end.format(outbox=outbox)}, {floors}",
        columns=(
            ("end_txid", "int"), ("end_position", "int"),
            ("floor_txid", "int"), ("floor_position", "int"),
        ),
    )  # fmt: skip


def _oldest(outbox: str) -> Statement:
    """The last of the old ones among the first of the feed: it needs no index by age."""
    text = (
        "SELECT txid, position FROM (SELECT txid, position, create_time "  # noqa: S608
        f"FROM {outbox} {{below}} ORDER BY {{order}} LIMIT {{limit}}) AS first "
        "WHERE create_time < {older_than} ORDER BY txid DESC, position DESC LIMIT 1"
    )
    return Statement(
        name=f"{outbox}.oldest",
        sqlite=text.format(below="", order="position", limit="?2", older_than="?1"),
        postgresql=text.format(
            below=f"WHERE txid < {_HORIZON}",
            order="txid, position",
            limit="$2::bigint",
            older_than="$1::timestamptz",
        ),
        binds=(("older_than", "time"), ("limit", "int")),
        columns=_POSITION,
    )


def _raise_floor(floor: str) -> Statement:
    text = (
        f"INSERT INTO {floor} (one, txid, position) VALUES (1, {{0}}, {{1}}) "  # noqa: S608
        "ON CONFLICT (one) DO UPDATE SET txid = excluded.txid, position = excluded.position "
        f"WHERE ({floor}.txid, {floor}.position) < (excluded.txid, excluded.position)"
    )
    return Statement(
        name=f"{floor}.raise",
        sqlite=text.format("?1", "?2"),
        postgresql=text.format("$1::bigint", "$2::bigint"),
        binds=_POSITION,
    )


@cache
def _changes(
    outbox: str, positions: PositionTexts, wanted: tuple[bool, bool, bool]
) -> Statement:
    binds: list[tuple[str, Kind]] = [
        ("after_txid", "int"), ("after_position", "int"),
        ("end_txid", "int"), ("end_position", "int"), ("limit", "int"),
    ]  # fmt: skip
    sqlite, postgresql = _SQLITE_BETWEEN, positions.between
    filters: tuple[tuple[str, Kind, str, str], ...] = (
        ("namespace", "text", "namespace = ?{0}", "namespace = ${0}::text"),
        ("kinds", "text[]", "kind IN (SELECT value FROM json_each(?{0}))",
         "kind = ANY(${0}::text[])"),
        ("scope_id", "uuid", "scope_id = ?{0}", "scope_id = ${0}::uuid"),
    )  # fmt: skip
    for is_wanted, (name, kind, in_sqlite, in_postgresql) in zip(wanted, filters, strict=True):
        if is_wanted:
            binds.append((name, kind))
            sqlite += f" AND {in_sqlite.format(len(binds))}"
            postgresql += f" AND {in_postgresql.format(len(binds))}"
    head = f"SELECT txid, position, {_NAMES} FROM {outbox} WHERE"  # noqa: S608
    return Statement(
        name=f"{outbox}.changes",
        sqlite=f"{head} {sqlite} ORDER BY position LIMIT ?5",
        postgresql=f"{head} {postgresql} ORDER BY {positions.order} LIMIT $5::bigint",
        binds=tuple(binds),
        columns=(*_POSITION, *_CHANGE),
    )
