"""Follows a watch the way that a client does, with an end to every wait."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from hanging import HANG_LIMIT


class Watcher:
    def __init__(self, call: Any) -> None:
        self._replies = aiter(call)

    async def batch(self) -> Any:
        """Return the next batch, empty or not."""
        async with asyncio.timeout(HANG_LIMIT):
            return await anext(self._replies)

    async def news(self) -> Any:
        """Return the next batch that holds something."""
        while not (batch := await self.batch()).changes:
            pass
        return batch

    async def until(self, enough: Callable[[list[Any]], bool]) -> tuple[str, list[Any]]:
        """Return the cursor and all changes, once they are enough."""
        seen: list[Any] = []
        while True:
            batch = await self.news()
            seen += batch.changes
            if enough(seen):
                return batch.cursor, seen


@asynccontextmanager
async def watching(method: Any, request: Any) -> AsyncIterator[Watcher]:
    call = method(request)
    try:
        yield Watcher(call)
    finally:
        call.cancel()
