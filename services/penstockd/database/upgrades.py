"""Upgrades an older store, revision by revision, with alembic. Loaded only for that."""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from penstockd.database.blocking import BlockingPool
from penstockd.database.file_lock import FileLock, lock_of
from penstockd.database.fitness import Stamp
from penstockd.database.forks import forks
from penstockd.database.migrations import LOCK_SCHEMA, stamping
from penstockd.database.ports import Dialect
from penstockd.database.schemas import Schema, statements_in
from penstockd.database.urls import sqlite_path


async def upgrade(url: str, schema: Schema) -> None:
    """Run the revisions that are missing, in one transaction; other processes wait."""
    if url.startswith("sqlite:"):
        # Python's own pool takes nothing at the end of a program, which may be its first run.
        threads = BlockingPool()
        try:
            await threads.run(partial(_upgrade_sqlite, url, schema))
        finally:
            await threads.close()
    else:
        await _upgrade_postgres(url, schema)


def run_script(folder: Path) -> None:
    """Make the tables of the schema script in a folder: all that a first revision does."""
    connection = op.get_bind()
    for statement in statements_in(folder / f"schema_{connection.dialect.name}.sql"):
        connection.exec_driver_sql(statement)


def _upgrade_sqlite(url: str, schema: Schema) -> None:
    path = sqlite_path(url)
    engine = sa.create_engine(
        "sqlite://", creator=partial(sqlite3.connect, path), poolclass=sa.NullPool
    )
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin)
    lock = FileLock(lock_of(path))
    try:
        with lock, forks.none(), engine.begin() as connection:
            _run(connection, schema)
    finally:
        lock.close()


async def _upgrade_postgres(url: str, schema: Schema) -> None:
    import asyncpg

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(asyncpg.connect, url),
        poolclass=sa.NullPool,
    )
    async with engine.begin() as connection:
        for text in LOCK_SCHEMA:
            await connection.exec_driver_sql(text.format(service=schema.service))
        await connection.run_sync(_run, schema)


def _run(connection: sa.Connection, schema: Schema) -> None:
    scripts = ScriptDirectory(schema.folder)
    done = _revision(connection, schema.service)
    missing = list(scripts.iterate_revisions("head", done or "base"))
    with Operations.context(MigrationContext.configure(connection)):
        for script in reversed(missing):
            script.module.upgrade()
    if missing:
        dialect: Dialect = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
        head = Stamp(revision=missing[0].revision, digest=schema.digest(dialect))
        for text in stamping(schema.service, head):
            connection.exec_driver_sql(text)


def _revision(connection: sa.Connection, service: str) -> str | None:
    table = f"{service}_schema"
    if not sa.inspect(connection).has_table(table):
        return None
    query: sa.Select[str] = sa.select(sa.column("revision")).select_from(sa.table(table))
    found = connection.execute(query).scalar_one_or_none()
    return found and found.partition(" ")[0]


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # else sqlite3 begins by itself, and too late
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
