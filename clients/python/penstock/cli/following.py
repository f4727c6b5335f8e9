"""A run seen as it changes, also over a restart of the server, until it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from penstock.cli.output import Row
from penstock.cli.patience import PASSING, PATIENCE, PAUSE, Patience
from penstock.client.connection import Connection
from penstock.client.flow_runs import FlowRuns
from penstock.client.rows import WatchBatch
from penstock.client.task_runs import TaskRuns
from penstock.errors import CursorExpired, FlowRunNotFound

TERMINAL = frozenset({"COMPLETED", "FAILED", "CANCELLED", "CRASHED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A run, its task runs and its subflows, of all depths, as they were seen last."""

    run: Row
    tasks: Sequence[Row]
    subflows: Sequence[Row] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What is read once and then watched: `look` returns the cursor to watch from."""

    look: Callable[[], Awaitable[str]]
    watch: Callable[[str, str], AsyncIterator[WatchBatch]]
    take: Callable[[Sequence[Row]], Awaitable[None]]


class RunFollower:
    """Watches one run from a cursor, again and again while the server comes back in time.

    `tell` hears when the server is lost, and when it is back; `since` is a cursor from before
    the end of the run, when there is one; only in `full` do changes have what may be large.
    """

    def __init__(
        self,
        connection: Connection,
        flow_run_id: str,
        *,
        tell: Callable[[str], object],
        since: str = "",
        full: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        self._flow_runs = connection.part(FlowRuns)
        self._task_runs = connection.part(TaskRuns)
        self._id = flow_run_id
        self._since, self._full = since, full
        again = f"penstock flow-run watch {flow_run_id}"
        self._patience = Patience(tell, again, seconds=patience)
        self._run: Row = {}
        self._tasks: dict[str, Row] = {}
        self._root = ""
        self._family: dict[str, Row] = {}
        self._news = asyncio.Event()

    async def sights(self) -> AsyncIterator[Sight]:
        """Yield what is there, then whatever changes, and at last the run as it ended.

        Raises:
            Unavailable: no server answered for as long as the patience lasts.
            FlowRunNotFound: there is no such run, or it was deleted meanwhile.
        """
        sources = (
            _Source(
                look=self._look,
                watch=partial(self._flow_runs.changes, full=self._full),
                take=self._take_run,
            ),
            _Source(
                look=self._look_at_tasks,
                watch=partial(self._task_runs.changes, full=self._full),
                take=self._take_tasks,
            ),
            _Source(
                look=self._look_at_family,
                watch=self._watch_family,
                take=self._take_family,
            ),
        )
        cursors = (
            self._since or await self._look(),
            await self._look_at_tasks(),
            await self._look_at_family(),
        )
        watches = [
            asyncio.ensure_future(self._keep(source, cursor))
            for source, cursor in zip(sources, cursors, strict=True)
        ]
        try:
            while not self._ended:
                if self._run:
                    yield self._sight()
                await self._changed(watches)
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
        # The journal is complete before a run ends, but its news may come a moment later.
        for each in sources:
            # What was deleted as soon as it had ended stays as it was seen.
            with suppress(FlowRunNotFound):
                await self._patience.through(each.look)
        yield self._sight()

    @property
    def _ended(self) -> bool:
        return bool(self._run) and self._run["state"]["state_type"] in TERMINAL

    def _sight(self) -> Sight:
        return Sight(
            run=self._run,
            tasks=list(self._tasks.values()),
            subflows=below(self._id, self._family.values()),
        )

    async def _look(self) -> str:
        self._run, cursor = await self._flow_runs.get_and_cursor(self._id)
        self._news.set()
        return cursor

    async def _look_at_tasks(self) -> str:
        tasks, cursor = await self._task_runs.all_and_cursor(self._id, full=self._full)
        self._tasks = {each["id"]: each for each in tasks}
        self._news.set()
        return cursor

    async def _look_at_family(self) -> str:
        """Look at all runs of the tree in which the run is, and find out first which it is."""
        self._root = self._root or (await self._flow_runs.get(self._id))["root_flow_run_id"]
        runs, cursor = await self._flow_runs.below_and_cursor(self._root or self._id)
        self._family = {each["id"]: each for each in runs}
        self._news.set()
        return cursor

    def _watch_family(self, _flow_run_id: str, cursor: str) -> AsyncIterator[WatchBatch]:
        return self._flow_runs.changes_below(self._root or self._id, cursor)

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

    async def _keep(self, source: _Source, cursor: str) -> None:
        while True:
            try:
                async for batch in source.watch(self._id, cursor):
                    cursor = batch.cursor
                    self._patience.heard()
                    await source.take(batch.changes)
                await asyncio.sleep(PAUSE)
            except CursorExpired:
                cursor = await self._patience.through(source.look)
            except PASSING as error:
                await self._patience.missed(error)

    async def _take_run(self, changes: Sequence[Row]) -> None:
        for each in changes:
            if _is_news(each, self._run):
                self._run = each
                self._news.set()
        if not changes:
            # Nothing tells of a run that was deleted, or that does nothing for now.
            await self._look()

    async def _take_tasks(self, changes: Sequence[Row]) -> None:
        self._renew(self._tasks, changes)

    async def _take_family(self, changes: Sequence[Row]) -> None:
        self._renew(self._family, changes)

    def _renew(self, known: dict[str, Row], changes: Sequence[Row]) -> None:
        for each in changes:
            if _is_news(each, known.get(each["id"], {})):
                known[each["id"]] = each
                self._news.set()


def below(flow_run_id: str, family: Iterable[Row]) -> list[Row]:
    """Return the subflows of a run, and theirs, in the order in which they were made."""
    found = {flow_run_id}
    subflows: list[Row] = []
    for run in sorted(family, key=lambda it: it["create_time"]):
        if run["parent_flow_run_id"] in found:
            found.add(run["id"])
            subflows.append(run)
    return subflows


def _is_news(change: Row, known: Mapping[str, Any]) -> bool:
    """Tell whether a change is one that was not seen: a watch may repeat some."""
    return int(change["revision"]) > int(known.get("revision", 0))
