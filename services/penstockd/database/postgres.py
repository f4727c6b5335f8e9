"""PostgreSQL, through asyncpg: one schema for each service, read committed."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Literal, TypeVar

from penstock.errors import InvalidArgument, PenstockError, StorageUnavailable
from penstockd.database.commits import Wakeups
from penstockd.database.ports import UnitOfWork
from penstockd.database.postgres_hints import Hints
from penstockd.database.postgres_pool import Connections, DatabaseRefuses, connect
from penstockd.database.postgres_sql import PostgresSql
from penstockd.database.postgres_time import PostgresTime
from penstockd.database.urls import shown

T = TypeVar("T")
MOST_CONNECTIONS = 10
# NOTIFY is only a hint: a listener also polls this often.
LOOK_ELSEWHERE = timedelta(seconds=1)
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_SETTINGS = {
    "application_name": "penstock",
    "timezone": "UTC",
    "jit": "off",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    # A process that is stopped within a transaction would hold up every change feed.
    "idle_in_transaction_session_timeout": "15s",
}


async def open_postgres(
    url: str, *, services: Sequence[str], most: int = MOST_CONNECTIONS
) -> "PostgresDatabase":
    """Connect once, so that a wrong address is told now.

    Raises:
        StorageUnavailable: nothing answers there.
        InvalidArgument: what answers refuses the address.
    """
    settings = _SETTINGS | {"search_path": ", ".join(services)}
    database = PostgresDatabase(url, settings, services=services, most=most)
    try:
        await database.begin()
    except DatabaseRefuses as error:
        await database.close()
        raise InvalidArgument(f"the database refuses {shown(url)}") from error.__cause__
    except StorageUnavailable as error:
        await database.close()
        why = f"no database answers at {shown(url)}"
        raise StorageUnavailable(why) from error.__cause__ or error
    except BaseException:
        await database.close()
        raise
    return database


class PostgresDatabase:
    dialect: Literal["postgresql"] = "postgresql"

    def __init__(
        self, url: str, settings: dict[str, str], *, services: Sequence[str], most: int
    ) -> None:
        self.url = url
        self.time = PostgresTime()
        self._loop = asyncio.get_running_loop()
        self._connections = Connections(partial(connect, url, settings=settings), most=most)
        self.commits = Wakeups(_perhaps, interval=LOOK_ELSEWHERE)
        self._hints = Hints(
            partial(connect, url, settings=settings | {"synchronous_commit": "off"}),
            channels=[f"penstock_{service}" for service in services],
            heard=partial(self.commits.wake, self._loop),
        )

    async def begin(self) -> None:
        """Ask for the time, so that there is one."""
        connection, _ = await self._connections.take()
        broken = True
        try:
            sql = PostgresSql(connection)
            await self.time.begin(sql)
            await self.time.ask(sql)
            broken = False
        finally:
            self._connections.give_back(connection, broken=broken)

    async def write(self, work: UnitOfWork[T], /) -> T:
        connection, sql = await self._begin()
        broken = True
        try:
            result = await work(sql)
            if sql.failure is not None:
                raise sql.failure  # noqa: TRY301
            if sql.changed:
                await self.time.keep(sql)
            await sql.command("COMMIT")
            broken = False
        except Exception:
            broken = not await _rolled_back(connection, sql)
            raise
        finally:
            # Cancelled in the middle, it is broken: nobody knows what the server does.
            self._connections.give_back(connection, broken=broken)
        if sql.changed:
            self.commits.wake(self._loop)
            self._hints.notify()
        return result

    async def read(self, work: UnitOfWork[T], /) -> T:
        while True:
            connection, fresh = await self._connections.take()
            sql = PostgresSql(connection)
            broken = True
            try:
                await self.time.ask(sql)
                result = await work(sql)
                broken = False
            except Exception:
                broken = sql.lost
                if fresh or not sql.lost:
                    raise
                self._connections.distrust()
                continue
            finally:
                self._connections.give_back(connection, broken=broken)
            if sql.failure is not None:
                raise sql.failure
            return result

    async def close(self) -> None:
        await self._hints.close()
        await self.commits.close()
        await self._connections.close()

    async def _begin(self) -> tuple[Any, PostgresSql]:
        while True:
            connection, fresh = await self._connections.take()
            sql = PostgresSql(connection)
            try:
                await sql.command(_BEGIN)
                await self.time.ask(sql)
            except BaseException as error:
                self._connections.give_back(connection, broken=True)
                if fresh or not (sql.lost and isinstance(error, PenstockError)):
                    raise
                self._connections.distrust()
            else:
                return connection, sql


async def _rolled_back(connection: Any, sql: PostgresSql) -> bool:
    if sql.lost:
        return False
    try:
        await PostgresSql(connection).command("ROLLBACK")
    except PenstockError:
        return False
    return True


async def _perhaps() -> bool:
    return True
