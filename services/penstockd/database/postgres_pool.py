"""Connections to PostgreSQL: few, reused, and dropped when one breaks."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from penstock.errors import InvalidArgument, StorageUnavailable
from penstockd.database.failures import from_sqlstate
from penstockd.database.urls import shown

CONNECT_SECONDS = 5.0
# A connection that is cut raises InternalClientError, and is_closed() may still say False.
LOST = (asyncpg.InternalClientError, asyncpg.InterfaceError, OSError, TimeoutError)
ERRORS = (asyncpg.PostgresError, *LOST)


def is_lost(error: BaseException) -> bool:
    """Tell whether the connection is unusable after this error."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate).startswith(("08", "57P", "25P03"))
    return True


def translated(error: Exception) -> Exception:
    """Map a driver error to one of the contract; a programming error stays what it is."""
    if isinstance(error, asyncpg.PostgresError):
        return from_sqlstate(str(error.sqlstate), error)
    return StorageUnavailable("the connection to the database broke")


class DatabaseRefuses(StorageUnavailable):
    """The database does not know the user, or has another name: at first a mistake.

    Where it was another way before, it is being restored or renamed.
    """


class Connections:
    """At most `most` at once; who comes later waits for one."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], *, most: int) -> None:
        self._connect = connect
        self._free = asyncio.Semaphore(most)
        self._idle: list[Any] = []
        self._closed = False

    async def take(self) -> tuple[Any, bool]:
        """Return a connection, and whether it is fresh: another one may have died unseen."""
        if self._closed:
            raise StorageUnavailable("the database is closed")
        await self._free.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection, False
            return await self._connect(), True
        except BaseException:
            self._free.release()
            raise

    def give_back(self, connection: Any, *, broken: bool) -> None:
        self._free.release()
        if broken or self._closed:
            connection.terminate()
        else:
            self._idle.append(connection)

    def distrust(self) -> None:
        """Drop idle connections: the server that they were connected to is gone."""
        while self._idle:
            self._idle.pop().terminate()

    async def close(self) -> None:
        self._closed = True
        while self._idle:
            await self._idle.pop().close(timeout=CONNECT_SECONDS)


async def connect(url: str, *, settings: dict[str, str]) -> Any:
    """Raises StorageUnavailable, or InvalidArgument if the URL can never work.

    DatabaseRefuses is either: it depends on what was there before.
    """
    try:
        return await asyncpg.connect(
            url,
            timeout=CONNECT_SECONDS,
            statement_cache_size=512,
            max_cached_statement_lifetime=0,
            server_settings=settings,
        )
    except (
        asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError,
        asyncpg.ClientConfigurationError,
    ) as error:  # fmt: skip
        raise DatabaseRefuses("the database refuses the connection") from error
    except ERRORS as error:
        raise StorageUnavailable("the database does not answer") from error
    except ValueError:
        # The driver repeats what it cannot read, which may be a part of the password.
        raise InvalidArgument(
            f"the host or the parameters of {shown(url)} are not valid: write "
            "postgresql://user:password@host:port/database?name=value"
        ) from None
