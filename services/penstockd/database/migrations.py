"""Brings a store to the schema of this code: a new one by script, an older one by alembic."""

from penstock.errors import PenstockError
from penstockd.database.ports import Database, Sql
from penstockd.database.schemas import Schema
from penstockd.database.statements import Statement

# For PostgreSQL; on SQLite the file lock is held by every writer. Looking at the schemas makes
# the session forget which were not there before it waited for the lock.
ONE_AT_A_TIME = (
    "SELECT pg_advisory_xact_lock(7470, 0)",
    "SELECT FROM pg_namespace LIMIT 1",
)
LOCK_SCHEMA = (
    *ONE_AT_A_TIME,
    "CREATE SCHEMA IF NOT EXISTS {service}",
    "SET LOCAL search_path TO {service}",
)


class StoreTooNew(PenstockError):
    """A newer Penstock has written this store: update this one, or use another store."""


async def ensure_schema(database: Database, schema: Schema) -> None:
    """Make or upgrade the tables of one service; several processes may do so at once.

    Raises StoreTooNew.
    """
    known = schema.revisions(database.dialect)
    found = await database.read(lambda sql: revision_of(sql, schema.service))
    if found is None:
        found = await database.write(lambda sql: _create(sql, schema))
    if found not in known:
        raise StoreTooNew(
            f"the {schema.service} tables are at revision {found}, and this code knows only "
            f"{', '.join(known)}: update Penstock, or use another store"
        )
    if found != known[-1]:
        from penstockd.database.upgrades import upgrade

        await upgrade(database.url, schema)


async def revision_of(sql: Sql, service: str) -> str | None:
    """Return where the tables of a service stand, None if there are none."""
    if await sql.one(_table_exists(service)) is None:
        return None
    row = await sql.one(_read(service))
    return None if row is None else str(row["revision"])


async def lock_schema(sql: Sql, service: str) -> None:
    """Keep other processes from changing the schema until the transaction ends."""
    if sql.dialect == "postgresql":
        await sql.script([text.format(service=service) for text in LOCK_SCHEMA])


def stamp(service: str, revision: str) -> list[str]:
    """Return the statements that say where the tables of a service stand."""
    return [
        f"CREATE TABLE IF NOT EXISTS {service}_schema (revision TEXT NOT NULL)",
        f"DELETE FROM {service}_schema",  # noqa: S608 - names of services are ours
        f"INSERT INTO {service}_schema (revision) VALUES ('{revision}')",  # noqa: S608
    ]


async def _create(sql: Sql, schema: Schema) -> str:
    await lock_schema(sql, schema.service)
    found = await revision_of(sql, schema.service)
    if found is not None:  # another process was first
        return found
    head = schema.revisions(sql.dialect)[-1]
    await sql.script(schema.statements(sql.dialect) + stamp(schema.service, head))
    return head


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
