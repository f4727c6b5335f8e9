"""A store comes to the schema of the code, whatever it was before."""

import asyncio
import json
import re
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

import penstockd
from penstockd.database import Sql
from penstockd.database.fitness import WrongStore, stamp_in
from penstockd.database.open import open_database
from penstockd.database.schemas import SEPARATOR, Schema, schema_of
from penstockd.database.upgrades import upgrade
from penstockd.database.urls import sqlite_path
from sample_service import SCHEMA
from sample_service.builders import a_thing, load, put

pytestmark = pytest.mark.asyncio
SERVICES = Path(penstockd.__file__).parent
SCHEMAS = [SCHEMA] + [
    schema_of(path.parent.parent.name)
    for path in sorted(SERVICES.glob("*/migrations/schema_sqlite.sql"))
]


def shape(connection: sa.Connection, service: str) -> dict[str, Any]:
    """Everything that reflection knows of a service's tables."""
    inspector = sa.inspect(connection)
    schema = None if connection.dialect.name == "sqlite" else service
    tables = {
        table: [
            inspector.get_columns(table, schema),
            inspector.get_pk_constraint(table, schema),
            inspector.get_indexes(table, schema),
            inspector.get_unique_constraints(table, schema),
            inspector.get_check_constraints(table, schema),
        ]
        for table in sorted(inspector.get_table_names(schema))
        if table.startswith(f"{service}_")
    }
    # As text, since types and conditions are objects that equal nothing but themselves.
    plain: dict[str, Any] = json.loads(json.dumps(tables, default=str, sort_keys=True))
    return plain


async def shape_at(url: str, service: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return shape(connection, service)
    async_engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(url),
        poolclass=sa.NullPool,
    )
    async with async_engine.connect() as async_connection:
        return await async_connection.run_sync(shape, service)


async def clear(url: str, service: str) -> None:
    async def drop(sql: Sql) -> None:
        if sql.dialect == "postgresql":
            await sql.script([f"DROP SCHEMA {service} CASCADE"])
        else:
            tables = await shape_at(url, service)
            await sql.script([f"DROP TABLE {table}" for table in tables])

    database = await open_database(url, schemas=[])
    await database.write(drop)
    await database.close()


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda it: it.service)
async def test_all_revisions_together_are_the_fresh_schema(url: str, schema: Schema) -> None:
    await (await open_database(url, schemas=[schema])).close()
    fresh = await shape_at(url, schema.service)
    assert len(fresh) > 1
    await clear(url, schema.service)
    await upgrade(url, schema)
    assert await shape_at(url, schema.service) == fresh


async def test_a_fresh_schema_takes_not_much_longer_than_one_that_is_there(url: str) -> None:
    fresh: list[float] = []
    known: list[float] = []
    for _ in range(3):  # the quickest is the product's, the others may be the machine's
        for taken in (fresh, known):
            started = time.monotonic()
            await (await open_database(url, schemas=[SCHEMA])).close()
            taken.append(time.monotonic() - started)
        await clear(url, SCHEMA.service)
    assert min(fresh) < 30 * min(known)


async def test_a_store_is_opened_again_as_it_was(url: str) -> None:
    for _ in range(2):
        database = await open_database(url, schemas=[SCHEMA])
        if await load(database) is None:
            await put(database, a_thing())
        await database.close()
    assert await database_revision(url) == "0001"


async def database_revision(url: str) -> str | None:
    database = await open_database(url, schemas=[])
    try:
        stamp = await database.read(lambda sql: stamp_in(sql, "sample"))
        return None if stamp is None else stamp.revision
    finally:
        await database.close()


@pytest.fixture
def newer(tmp_path: Path) -> Schema:
    """The sample service as its next version has it: with one more column."""
    folder = tmp_path / "newer"
    shutil.copytree(SCHEMA.folder, folder)
    for script in folder.glob("schema_*.sql"):
        text = script.read_text().replace("-- revisions: 0001", "-- revisions: 0001 0002")
        script.write_text(text)
    (folder / "versions/0002_colour.py").write_text(
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        'revision = "0002"\n'
        'down_revision = "0001"\n'
        "def upgrade() -> None:\n"
        '    op.add_column("sample_thing", sa.Column("colour", sa.Text))\n'
    )
    return Schema(service="sample", folder=folder)


async def test_an_older_store_is_upgraded_with_what_is_in_it(url: str, newer: Schema) -> None:
    database = await open_database(url, schemas=[SCHEMA])
    await put(database, a_thing())
    await database.close()
    database = await open_database(url, schemas=[newer])
    assert await load(database) == a_thing()
    await database.close()
    columns = (await shape_at(url, "sample"))["sample_thing"][0]
    assert "colour" in [column["name"] for column in columns]
    assert await database_revision(url) == "0002"


async def test_a_store_of_newer_code_is_refused(url: str, newer: Schema) -> None:
    await (await open_database(url, schemas=[newer])).close()
    with pytest.raises(WrongStore, match=r"revision 0002.*update Penstock"):
        await open_database(url, schemas=[SCHEMA])


def of_another_day(schema: Schema, folder: Path) -> Schema:
    """The same revision while it was still being made: its schema had one table less."""
    shutil.copytree(schema.folder, folder)
    for script in folder.glob("schema_*.sql"):
        head, *statements = script.read_text().split(SEPARATOR)
        text = SEPARATOR.join([head, *statements[:-1]])
        script.write_text(re.sub("-- digest: .*", "-- digest: 0123456789abcdef", text))
    return Schema(service=schema.service, folder=folder)


async def everything_in(url: str) -> list[str]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(sqlite_path(url))) as connection:
            names = connection.execute("SELECT name FROM sqlite_master ORDER BY name")
            return [name for (name,) in names]
    connected = await asyncpg.connect(url)
    rows = await connected.fetch(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables "
        "WHERE schemaname IN ('sample', 'state', 'public') ORDER BY 1"
    )
    await connected.close()
    return [row["name"] for row in rows]


async def make_by_hand(url: str, *statements: str) -> None:
    database = await open_database(url, schemas=[])
    await database.write(lambda sql: sql.script(statements))
    await database.close()


async def test_a_store_of_another_schema_with_this_revision_is_refused(
    url: str, tmp_path: Path
) -> None:
    earlier = of_another_day(SCHEMA, tmp_path / "earlier")
    await (await open_database(url, schemas=[earlier])).close()
    before = await everything_in(url)
    with pytest.raises(WrongStore, match=r"not a store of this version.*sample tables"):
        await open_database(url, schemas=[schema_of("state"), SCHEMA])
    assert await everything_in(url) == before


async def test_a_store_without_a_digest_is_refused(url: str) -> None:
    await (await open_database(url, schemas=[SCHEMA])).close()
    table = "sample_schema" if url.startswith("sqlite") else "sample.sample_schema"
    await make_by_hand(url, f"UPDATE {table} SET revision = '0001'")
    with pytest.raises(WrongStore, match="not a store of this version"):
        await open_database(url, schemas=[SCHEMA])


@pytest.mark.parametrize("name", ["sample_thing", "sample_other", "sampler"])
async def test_tables_of_another_program_are_refused_and_left_alone(
    url: str, name: str
) -> None:
    if url.startswith("sqlite"):
        await make_by_hand(url, f"CREATE TABLE {name} (x INT)")
    else:
        await make_by_hand(url, "CREATE SCHEMA sample", f"CREATE TABLE sample.{name} (x INT)")
    before = await everything_in(url)
    with pytest.raises(WrongStore, match=rf"tables of another program \({name}\)"):
        await open_database(url, schemas=[SCHEMA])
    assert await everything_in(url) == before


async def test_services_come_to_a_store_one_after_another(url: str) -> None:
    for schema in SCHEMAS:
        await (await open_database(url, schemas=[schema])).close()
    await (await open_database(url, schemas=SCHEMAS)).close()


async def test_many_may_open_a_new_store_at_once(url: str) -> None:
    opened = await asyncio.gather(*(open_database(url, schemas=[SCHEMA]) for _ in range(6)))
    await asyncio.gather(*(database.close() for database in opened))
    assert await database_revision(url) == "0001"
