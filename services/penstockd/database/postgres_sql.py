"""A PostgreSQL connection in a transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from penstockd.database.ports import Row
from penstockd.database.postgres_pool import ERRORS, is_lost, translated
from penstockd.database.statements import Statement

if TYPE_CHECKING:
    import sqlalchemy as sa


class PostgresSql:
    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.failure: Exception | None = None
        """The first error: PostgreSQL runs nothing after it but the roll-back."""
        self.lost = False
        self.changed = False

    async def one(self, statement: Statement, /, **binds: Any) -> Row | None:
        record = await self._guarded(
            self._connection.fetchrow, statement.postgresql, statement.postgresql_values(binds)
        )
        self.changed |= statement.writes and record is not None
        return None if record is None else statement.postgresql_row(record)

    async def all(self, statement: Statement, /, **binds: Any) -> list[Row]:
        records = await self._guarded(
            self._connection.fetch, statement.postgresql, statement.postgresql_values(binds)
        )
        self.changed |= statement.writes and bool(records)
        return list(map(statement.postgresql_row, records))

    async def run(self, statement: Statement, /, **binds: Any) -> int:
        status = await self._guarded(
            self._connection.execute, statement.postgresql, statement.postgresql_values(binds)
        )
        count = status.rpartition(" ")[2]
        written = int(count) if count.isdigit() else 0
        self.changed |= written > 0
        return written

    async def run_many(
        self, statement: Statement, rows: Sequence[Mapping[str, Any]], /
    ) -> None:
        values = list(map(statement.postgresql_values, rows))
        await self._guarded(self._connection.executemany, statement.postgresql, (values,))
        self.changed |= bool(values)

    async def select(self, build: "Callable[[], sa.Select[Any]]", /) -> list[Row]:
        from penstockd.database.compiling import compile_select

        text, values, to_row = compile_select(build, "postgresql")
        return list(map(to_row, await self._guarded(self._connection.fetch, text, values)))

    async def script(self, statements: Sequence[str], /) -> None:
        await self._guarded(self._connection.execute, ";\n".join(statements), ())
        self.changed = True

    async def command(self, text: str) -> None:
        """BEGIN and its like."""
        await self._guarded(self._connection.execute, text, ())

    async def row(self, text: str, *values: Any) -> Any:
        """Run what is about no service's tables, and return its row."""
        return await self._guarded(self._connection.fetchrow, text, values)

    async def _guarded(
        self, run: Callable[..., Awaitable[Any]], text: str, values: Sequence[Any]
    ) -> Any:
        if self.failure is not None:
            raise self.failure
        try:
            return await run(text, *values)
        except ERRORS as error:
            self.failure = translated(error)
            self.lost = is_lost(error)
            if self.failure is error:
                raise
            raise self.failure from error
