"""A run seen as it changes, also over a restart of the server, until it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from penstock.cli.output import Row
from penstock.errors import CursorExpired, DeadlineExceeded, Unavailable

if TYPE_CHECKING:
    from penstock.cli.wire.state import Batch, FlowRuns

T = TypeVar("T")
Watch = Callable[[str, str], AsyncIterator["Batch"]]

TERMINAL = frozenset({"COMPLETED", "FAILED", "CANCELLED", "CRASHED"})
# A server that is started anew answers within seconds; one that is gone should be told.
PATIENCE = 60.0
PAUSE = 0.5
# What a worker sends of captured output after it has reported the end.
LAST_LINES = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A run and its task runs as they were seen last."""

    run: Row
    tasks: Sequence[Row]


class Following:
    """Watches one run from a cursor, again and again while the server comes back in time.

    `tell` hears when the server is lost, and when it is back.
    """

    def __init__(
        self,
        runs: FlowRuns,
        flow_run_id: str,
        *,
        tell: Callable[[str], object],
        patience: float = PATIENCE,
    ) -> None:
        self._runs = runs
        self._id = flow_run_id
        self._tell = tell
        self._patience = patience
        self._run: Row = {}
        self._tasks: dict[str, Row] = {}
        self._news = asyncio.Event()
        self._lost = False
        self._heard = time.monotonic()

    async def sights(self) -> AsyncIterator[Sight]:
        """Yield what is there, then whatever changes, and at last the run as it ended.

        Raises:
            Unavailable: no server answered for as long as the patience lasts.
        """
        cursor = await self._look()
        watches = [
            asyncio.ensure_future(self._keep(self._runs.changes, cursor, self._take_run)),
            asyncio.ensure_future(
                self._keep(self._runs.task_changes, cursor, self._take_tasks)
            ),
        ]
        try:
            while not self._ended:
                yield self._sight()
                await self._changed(watches)
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
        # The journal is complete before a run ends, but its news may come a moment later.
        await self._patiently(self._look)
        yield self._sight()

    async def lines(self, *, min_level: int) -> AsyncIterator[list[Row]]:
        """Yield what the run has written and writes, until it has ended."""
        self._run = await self._runs.get(self._id)
        token, last_look = "", 0.0
        while True:
            read = partial(self._runs.log_page, self._id, token, min_level=min_level)
            lines, token, more = await self._patiently(read)
            if lines:
                yield lines
            if more:
                continue
            if last_look and time.monotonic() > last_look:
                return
            if self._ended:
                last_look = last_look or time.monotonic() + LAST_LINES
            else:
                self._run = await self._patiently(partial(self._runs.get, self._id))
            await asyncio.sleep(PAUSE)

    @property
    def _ended(self) -> bool:
        return self._run["state"]["type"] in TERMINAL

    def _sight(self) -> Sight:
        return Sight(run=self._run, tasks=list(self._tasks.values()))

    async def _look(self) -> str:
        """Read everything, and return the cursor after it."""
        self._run = await self._runs.get(self._id)
        tasks, cursor = await self._runs.task_runs_and_cursor(self._id)
        self._tasks = {each["id"]: each for each in tasks}
        return cursor

    async def _changed(self, watches: Sequence[asyncio.Future[None]]) -> None:
        """Return at the next news; raise what ended a watch."""
        waiting = asyncio.ensure_future(self._news.wait())
        parts: list[asyncio.Future[Any]] = [waiting, *watches]
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        self._news.clear()
        for watch in watches:
            if watch.done():
                watch.result()

    async def _keep(
        self, watch: Watch, cursor: str, take: Callable[[Sequence[Row]], None]
    ) -> None:
        while True:
            try:
                async for batch in watch(self._id, cursor):
                    cursor = batch.cursor
                    self._well()
                    take(batch.changes)
            except CursorExpired:
                cursor = await self._patiently(self._look)
                self._news.set()
            except (Unavailable, DeadlineExceeded) as error:
                self._unwell(error)
            await asyncio.sleep(PAUSE)

    async def _patiently(self, question: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                answer = await question()
            except (Unavailable, DeadlineExceeded) as error:
                self._unwell(error)
                await asyncio.sleep(PAUSE)
            else:
                self._well()
                return answer

    def _take_run(self, changes: Sequence[Row]) -> None:
        for each in changes:
            self._run = each
            self._news.set()

    def _take_tasks(self, changes: Sequence[Row]) -> None:
        for each in changes:
            self._tasks[each["id"]] = each
            self._news.set()

    def _well(self) -> None:
        self._heard = time.monotonic()
        if self._lost:
            self._lost = False
            self._tell("the server answers again")

    def _unwell(self, error: Exception) -> None:
        silent = time.monotonic() - self._heard
        if silent > self._patience:
            raise Unavailable(
                f"no server has answered for {silent:.0f} s; "
                f"the run may go on: `penstock flow-run watch {self._id}` shows it again"
            ) from error
        # A stream that only became too old is no trouble: something was heard just now.
        if not self._lost and isinstance(error, Unavailable):
            self._lost = True
            self._tell(f"the server is gone; looking for it for {self._patience:.0f} s")
