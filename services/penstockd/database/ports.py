"""The port to a database: transactions, the statements in them, and news of commits."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar

from penstockd.database.statements import Statement

if TYPE_CHECKING:
    import sqlalchemy as sa

T = TypeVar("T")
Dialect = Literal["sqlite", "postgresql"]
Row: TypeAlias = dict[str, Any]


class Sql(Protocol):
    """A connection in a transaction. After an error the transaction can only roll back."""

    @property
    def dialect(self) -> Dialect: ...

    async def one(self, statement: Statement, /, **binds: Any) -> Row | None:
        """Return the first row, or None."""

    async def all(self, statement: Statement, /, **binds: Any) -> list[Row]:
        """Return every row."""

    async def run(self, statement: Statement, /, **binds: Any) -> int:
        """Return how many rows were written."""

    async def run_many(
        self, statement: Statement, rows: Sequence[Mapping[str, Any]], /
    ) -> None:
        """Run the statement once for each row, as one batch."""

    async def select(self, build: "Callable[[], sa.Select[Any]]", /) -> list[Row]:
        """Run a query that is built while running: for lists that people filter and sort."""

    async def script(self, statements: Sequence[str], /) -> None:
        """Run statements without binds or rows, such as those that make a schema."""


UnitOfWork: TypeAlias = Callable[[Sql], Coroutine[Any, Any, T]]


class Commits(Protocol):
    """Notice of commits, in this process or another; wake-ups may be spurious."""

    def listen(self) -> asyncio.Event:
        """Take this before reading, so that no commit falls between reading and waiting."""

    async def wait(self, commit: asyncio.Event, at_most: timedelta, /) -> bool:
        """Return True once there may be something new, False when the time is over."""


class Database(Protocol):
    """Runs transactions. A unit of work awaits nothing but its Sql."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def url(self) -> str: ...

    @property
    def commits(self) -> Commits: ...

    @property
    def time(self) -> Callable[[], datetime]:
        """The time by which those who share the database decide: see `KeptTime`."""

    async def write(self, work: UnitOfWork[T], /) -> T:
        """Commit if the work returns, roll back if it raises.

        Raises StorageUnavailable or StorageFull; after the first nobody knows whether it
        was committed.
        """

    async def read(self, work: UnitOfWork[T], /) -> T:
        """Run read-only queries. What must be one snapshot is one statement."""

    async def close(self) -> None:
        """Let what was begun end, and give back connections and threads."""
