"""Whether the tables that are found are those of this code: judged before any write."""

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.errors import StorageUnavailable
from penstockd.database.ports import Dialect, Sql
from penstockd.database.schemas import Schema
from penstockd.database.statements import Statement

_ELSEWHERE: dict[Dialect, str] = {
    "sqlite": "move it away, or set PENSTOCK_HOME to another folder",
    "postgresql": "use another database",
}
_FEW = 3
# A service's tables come with their stamp in one transaction: tables without one are others'.
_OTHERS_IN_SQLITE = """\
SELECT name FROM sqlite_master AS found
WHERE type IN ('table', 'view') AND name <> 'penstock_clock' AND substr(name, 1, 7) <> 'sqlite_'
AND NOT EXISTS (
    SELECT 1 FROM sqlite_master AS stamp
    WHERE stamp.type = 'table' AND substr(stamp.name, -7) = '_schema'
    AND substr(found.name, 1, length(stamp.name) - 6)
        = substr(stamp.name, 1, length(stamp.name) - 6)
)
ORDER BY name"""
_OTHERS_IN_POSTGRESQL = """\
SELECT tablename AS name FROM pg_tables AS found
WHERE schemaname = '{service}' AND NOT EXISTS (
    SELECT 1 FROM pg_tables AS stamp
    WHERE stamp.schemaname = '{service}' AND stamp.tablename = '{service}_schema'
)
ORDER BY tablename"""


class WrongStore(StorageUnavailable):
    """Another program, or another version of Penstock, has made these tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Which schema the tables of a service have: kept as text in a table of its own.

    The digest tells schemas of one revision apart, as there are while a version is made; a
    store of an older revision is taken by that alone.
    """

    revision: str
    digest: str

    @property
    def text(self) -> str:
        return f"{self.revision} {self.digest}"


async def judged(sql: Sql, schema: Schema) -> Stamp | None:
    """Return where the tables of a service stand, None if there are none yet.

    Raises:
        WrongStore: other tables are in their place, or this code does not know them.
    """
    found = await stamp_in(sql, schema.service)
    if found is None:
        await _refuse_others(sql, schema.service)
        return None
    known = schema.revisions(sql.dialect)
    if found.revision not in known:
        raise WrongStore(
            f"the {schema.service} tables are at revision {found.revision}, and this code "
            f"knows only {', '.join(known)}: update Penstock, or use another store"
        )
    if found.revision == known[-1] and found.digest != schema.digest(sql.dialect):
        raise WrongStore(
            f"this is not a store of this version of Penstock: its {schema.service} tables are "
            f"different ones; {_ELSEWHERE[sql.dialect]}"
        )
    return found


async def judge_all(sql: Sql, schemas: Sequence[Schema]) -> None:
    """Raises WrongStore."""
    for schema in schemas:
        await judged(sql, schema)


async def stamp_in(sql: Sql, service: str) -> Stamp | None:
    if await sql.one(_table_exists(service)) is None:
        return None
    row = await sql.one(_read(service))
    if row is None:
        return None
    revision, _, digest = str(row["revision"]).partition(" ")
    return Stamp(revision=revision, digest=digest)


async def _refuse_others(sql: Sql, service: str) -> None:
    rows = await sql.all(
        _internal(_OTHERS_IN_SQLITE, _OTHERS_IN_POSTGRESQL.format(service=service), "name")
    )
    if not rows:
        return
    names = [str(row["name"]) for row in rows]
    told = ", ".join(names[:_FEW]) + (", …" if len(names) > _FEW else "")
    place = "this" if sql.dialect == "sqlite" else f"the schema {service}"
    raise WrongStore(
        f"{place} has the tables of another program ({told}), so it is not a store of "
        f"Penstock: {_ELSEWHERE[sql.dialect]}"
    )


def _table_exists(service: str) -> Statement:
    table = f"{service}_schema"
    sqlite = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name = '{table}'"  # noqa: S608
    postgresql = (
        "SELECT tablename AS name FROM pg_tables "  # noqa: S608
        f"WHERE schemaname = '{service}' AND tablename = '{table}'"
    )
    return _internal(sqlite, postgresql, "name")


def _read(service: str) -> Statement:
    postgresql = f"SELECT revision FROM {service}.{service}_schema"  # noqa: S608
    return _internal(f"SELECT revision FROM {service}_schema", postgresql, "revision")  # noqa: S608


def _internal(sqlite: str, postgresql: str, column: str) -> Statement:
    return Statement(
        name="schema", sqlite=sqlite, postgresql=postgresql, columns=((column, "text"),)
    )
