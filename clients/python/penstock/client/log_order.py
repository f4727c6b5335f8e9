"""Lines that several writers appended, in the order of their times."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from heapq import heappop, heappush
from typing import TypeVar

from penstock.api.state.v1.log_pb2 import LogLine

T = TypeVar("T")

SECOND = 1_000_000_000
MOST_HELD = 2_000


class TimeOrder:
    """Holds lines back while an earlier one may still come from another writer.

    What comes later than the window allows keeps the place in which it arrived: a clock that
    was set neither holds lines up nor moves them far.
    """

    def __init__(self, window: float) -> None:
        self._window = int(window * SECOND)
        self._held: list[tuple[int, int, LogLine]] = []
        self._newest = 0
        self._seen = 0

    def add(self, lines: Iterable[LogLine]) -> list[LogLine]:
        """Take lines in; return those that no other one precedes any more."""
        for line in lines:
            time = line.time.seconds * SECOND + line.time.nanos
            self._newest = max(self._newest, time)
            self._seen += 1
            # Among lines of one time, that which arrived first comes first.
            heappush(self._held, (time, self._seen, line))
        return list(self._ripe())

    def rest(self) -> list[LogLine]:
        """Return all that is still held: nothing earlier comes."""
        lines = [line for _, _, line in sorted(self._held, key=lambda it: it[:2])]
        self._held.clear()
        return lines

    def _ripe(self) -> Iterable[LogLine]:
        while self._held:
            time, _, _ = self._held[0]
            if time > self._newest - self._window and len(self._held) <= MOST_HELD:
                return
            yield heappop(self._held)[2]


async def with_pauses(stream: AsyncIterator[T], seconds: float) -> AsyncIterator[T | None]:
    """Yield what comes, and None when nothing has come for so long, once in each pause."""
    coming = asyncio.ensure_future(anext(stream))
    try:
        while True:
            done, _ = await asyncio.wait([coming], timeout=seconds)
            if not done:
                yield None
            try:
                item = await coming
            except StopAsyncIteration:
                return
            yield item
            coming = asyncio.ensure_future(anext(stream))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
