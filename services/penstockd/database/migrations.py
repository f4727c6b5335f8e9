"""Brings a store to the schema of this code: a new one by script, an older one by alembic."""

from penstockd.database.fitness import Stamp, judged
from penstockd.database.ports import Database, Sql
from penstockd.database.schemas import Schema

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


async def ensure_schema(database: Database, schema: Schema) -> None:
    """Make or upgrade the tables of one service; several processes may do so at once.

    Raises WrongStore.
    """
    found = await database.read(lambda sql: judged(sql, schema))
    if found is None:
        found = await database.write(lambda sql: _create(sql, schema))
    if found.revision != schema.revisions(database.dialect)[-1]:
        from penstockd.database.upgrades import upgrade

        await upgrade(database.url, schema)


async def lock_schema(sql: Sql, service: str) -> None:
    """Keep other processes from changing the schema until the transaction ends."""
    if sql.dialect == "postgresql":
        await sql.script([text.format(service=service) for text in LOCK_SCHEMA])


def stamping(service: str, stamp: Stamp) -> list[str]:
    """Return the statements that say where the tables of a service stand."""
    return [
        f"CREATE TABLE IF NOT EXISTS {service}_schema (revision TEXT NOT NULL)",
        f"DELETE FROM {service}_schema",  # noqa: S608 - names of services are ours
        f"INSERT INTO {service}_schema (revision) VALUES ('{stamp.text}')",  # noqa: S608
    ]


async def _create(sql: Sql, schema: Schema) -> Stamp:
    await lock_schema(sql, schema.service)
    found = await judged(sql, schema)
    if found is not None:  # another process was first
        return found
    head = Stamp(revision=schema.revisions(sql.dialect)[-1], digest=schema.digest(sql.dialect))
    await sql.script(schema.statements(sql.dialect) + stamping(schema.service, head))
    return head
