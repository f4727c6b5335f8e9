"""A store that counts statements."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from penstockd.database import Commits, Database, Sql
from penstockd.state.store.sql_store import SqlTransaction

T = TypeVar("T")
COUNTED = ("one", "all", "run", "run_many", "select")


class CountingSql:
    """Hands every statement on, and counts it."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self.statements = 0

    def __getattr__(self, name: str) -> Any:
        self.statements += name in COUNTED
        return getattr(self._sql, name)


class CountingStore:
    """Notes how many statements each transaction took, and apart how many each read took."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.counts: list[int] = []
        self.reads: list[int] = []

    @property
    def commits(self) -> Commits:
        return self._database.commits

    async def write(self, work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        return await self._database.write(lambda sql: _counted(sql, work, self.counts))

    async def read(self, work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        return await self._database.read(lambda sql: _counted(sql, work, self.reads))


async def _counted(
    sql: Sql, work: Callable[[Any], Coroutine[Any, Any, T]], counts: list[int]
) -> T:
    counting: Any = CountingSql(sql)
    result = await work(SqlTransaction(counting))
    counts.append(counting.statements)
    return result
