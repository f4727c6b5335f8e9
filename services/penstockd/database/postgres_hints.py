"""Tells other processes of commits by NOTIFY, and hears of theirs by LISTEN."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from penstock.errors import PenstockError
from penstockd.database.postgres_pool import ERRORS

logger = logging.getLogger(__name__)
# Commits that come closer together are coalesced into one notification.
PAUSE_SECONDS = 0.005
RETRY_SECONDS = 1.0


class Hints:
    """Not in the transactions themselves, since NOTIFY there lets only one commit at a time."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Any]],
        *,
        channels: Sequence[str],
        heard: Callable[[], None],
    ) -> None:
        self._connect = connect
        self._channels = channels
        self._heard = heard
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._stay_connected())

    def notify(self) -> None:
        self._news.set()

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _stay_connected(self) -> None:
        while True:
            try:
                connection = await self._connect()
            except PenstockError:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            try:
                await self._serve(connection)
            except ERRORS as error:
                logger.info("database.hints_lost", extra={"error": str(error)})
            finally:
                connection.terminate()

    async def _serve(self, connection: Any) -> None:
        def hear(_connection: Any, pid: int, _channel: str, _payload: str) -> None:
            if pid != own:
                self._heard()

        own = connection.get_server_pid()
        connection.add_termination_listener(lambda _connection: self._news.set())
        for channel in self._channels:
            await connection.add_listener(channel, hear)
        tell = "; ".join(f"NOTIFY {channel}" for channel in self._channels)
        while True:
            await self._news.wait()
            self._news.clear()
            await connection.execute(tell)
            await asyncio.sleep(PAUSE_SECONDS)
