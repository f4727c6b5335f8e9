"""What tests of the database arrange with."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from penstockd.database import Database
from sample_service.store import statement_texts as texts
from sample_service.store.tables import thing

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def an_id(number: int) -> UUID:
    return UUID(int=number)


def a_thing(number: int = 1, **changes: Any) -> dict[str, Any]:
    row = dict.fromkeys(thing.c.keys())
    row |= {"namespace": "home", "id": an_id(number), "revision": 1, "create_time": NOON}
    return row | {"name": f"thing {number}"} | changes


async def put(database: Database, *rows: dict[str, Any]) -> None:
    await database.write(lambda sql: sql.run_many(texts.INSERT, rows))


async def load(database: Database, number: int = 1) -> dict[str, Any] | None:
    return await database.read(
        lambda sql: sql.one(texts.LOAD, namespace="home", id=an_id(number))
    )
