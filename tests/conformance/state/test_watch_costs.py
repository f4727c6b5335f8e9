"""What watches cost the database does not grow with how many there are."""

import asyncio
from contextlib import AsyncExitStack, aclosing
from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE, a_flow_run, an_id
from hanging import HANG_LIMIT
from penstockd.database import Database
from penstockd.state.rules.actor import USER
from penstockd.state.rules.flow_run_filter import FlowRunFilter
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.view import View
from penstockd.state.store.sql_store import SqlStore

pytestmark = pytest.mark.asyncio
WATCHES = 40


class CountingReads:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.reads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def read(self, work: Any) -> Any:
        self.reads += 1
        return await self._database.read(work)


async def watching(store: SqlStore, stack: AsyncExitStack, wanted: FlowRunFilter) -> Any:
    feed: Any = store.watch_flow_runs(NAMESPACE, "", wanted, view=View.BASIC)
    await stack.enter_async_context(aclosing(feed))
    await anext(feed)
    return feed


async def test_one_commit_is_read_once_for_all_who_watch_other_runs(database: Database) -> None:
    counting: Any = CountingReads(database)
    store = SqlStore(counting, progress=timedelta(hours=1))
    async with AsyncExitStack() as stack:
        others = [
            await watching(store, stack, FlowRunFilter(flow_run_ids=(an_id(),)))
            for _ in range(WATCHES)
        ]
        mine = await watching(store, stack, FlowRunFilter())
        parked = [asyncio.create_task(anext(each)) for each in others]
        news = asyncio.create_task(anext(mine))
        await asyncio.sleep(0)
        before = counting.reads
        run = a_flow_run()
        await store.write(
            lambda tx: tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.OFFERED)
        )
        async with asyncio.timeout(HANG_LIMIT):
            _, changed = await news
        assert [it.id for it in changed] == [run.id]
        # The hub, and the one who watches all; each may have been told of nothing before.
        assert counting.reads - before <= 6
        for each in parked:
            each.cancel()
        await asyncio.gather(*parked, return_exceptions=True)


async def test_those_who_watch_the_same_share_what_is_read(database: Database) -> None:
    counting: Any = CountingReads(database)
    store = SqlStore(counting, progress=timedelta(hours=1))
    async with AsyncExitStack() as stack:
        feeds = [await watching(store, stack, FlowRunFilter()) for _ in range(WATCHES)]
        parked = [asyncio.create_task(anext(each)) for each in feeds]
        await asyncio.sleep(0)
        before = counting.reads
        run = a_flow_run()
        await store.write(
            lambda tx: tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.OFFERED)
        )
        async with asyncio.timeout(HANG_LIMIT):
            found = await asyncio.gather(*parked)
        assert all([it.id for it in changed] == [run.id] for _, changed in found)
        assert counting.reads - before < WATCHES / 2
