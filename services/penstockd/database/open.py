"""Opens the database that a URL names."""

from collections.abc import Sequence
from concurrent.futures import Executor

from penstock.errors import InvalidArgument
from penstockd.database.fitness import judge_all
from penstockd.database.migrations import ensure_schema
from penstockd.database.ports import Database
from penstockd.database.schemas import Schema
from penstockd.database.sqlite import SqliteDatabase
from penstockd.database.urls import dialect_of, sqlite_path


async def open_database(
    url: str,
    *,
    schemas: Sequence[Schema],
    writer: Executor | None = None,
    shared: bool = True,
    make: bool = True,
) -> Database:
    """Open `sqlite:///path` or `postgresql://…`, with the tables of these services.

    `writer` and `shared` are for SQLite: what runs its transactions (a thread of its own by
    default), and whether other programs may write to the store too. Without `make` the tables
    are only judged: `ensure_schema` makes them later.

    Raises:
        WrongStore: others have made what is there; nothing is written to it.
    """
    database = await _connect(url, schemas, writer=writer, shared=shared)
    try:
        await database.read(lambda sql: judge_all(sql, schemas))
        for schema in schemas if make else ():
            await ensure_schema(database, schema)
    except BaseException:
        await database.close()
        raise
    return database


async def _connect(
    url: str, schemas: Sequence[Schema], *, writer: Executor | None, shared: bool
) -> Database:
    if dialect_of(url) == "sqlite":
        return SqliteDatabase(sqlite_path(url), writer=writer, shared=shared)
    try:
        from penstockd.database.postgres import open_postgres
    except ModuleNotFoundError as error:
        raise InvalidArgument(
            "PostgreSQL needs asyncpg: pip install 'penstock[postgres]'"
        ) from error
    return await open_postgres(url, services=[schema.service for schema in schemas])
