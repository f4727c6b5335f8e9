"""Whether the database answers: what a service that stands on it says of its readiness."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from penstock.errors import PenstockError
from penstockd.chassis.logs import in_full
from penstockd.database.ports import Database, Dialect, Sql

LIMIT = timedelta(seconds=2)
# On SQLite a query without a table would not touch the file.
_LOOKS: Final[dict[Dialect, str]] = {
    "sqlite": "SELECT count(*) FROM sqlite_master",
    "postgresql": "SELECT 1",
}


def answers(database: Database) -> Callable[[], Awaitable[str]]:
    """Return what tells, when it is asked, what the database lacks; nothing if it answers."""

    async def lacks() -> str:
        try:
            async with asyncio.timeout(LIMIT.total_seconds()):
                await database.read(_look)
        except TimeoutError:
            return f"the database does not answer within {LIMIT.total_seconds():g} s"
        except PenstockError as error:
            return f"the database does not answer: {in_full(error)}"
        return ""

    return lacks


async def _look(sql: Sql) -> None:
    await sql.script([_LOOKS[sql.dialect]])
