"""The SQL implementation of where it is written down which place has the bytes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from penstockd.artifact.rules.content_home import ContentHome
from penstockd.artifact.store.statement_texts import content_home as texts
from penstockd.database import Database, Sql

KIND = "folder"


class SqlContentHomes:
    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def claim(self, home: ContentHome) -> ContentHome:
        async def work(sql: Sql) -> ContentHome:
            await sql.run(texts.INSERT_CONTENT_HOME, **self._row(home))
            return await _known(sql) or home

        known: ContentHome | None = await self._database.read(_known)
        if known is None:
            return await self._database.write(work)
        return known

    async def replace(self, home: ContentHome) -> None:
        await self._database.write(
            lambda sql: sql.run(texts.REPLACE_CONTENT_HOME, **self._row(home))
        )

    def _row(self, home: ContentHome) -> Mapping[str, Any]:
        now = self._clock()
        return {"kind": KIND, "id": home.id, "place": home.place, "create_time": now}


async def _known(sql: Sql) -> ContentHome | None:
    row = await sql.one(texts.CONTENT_HOME, kind=KIND)
    return None if row is None else ContentHome(id=row["id"], place=row["place"])
