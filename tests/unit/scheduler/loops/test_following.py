import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from hanging import HANG_LIMIT
from penstock.errors import CursorExpired, Unavailable
from penstockd.scheduler.loops import following
from penstockd.scheduler.loops.following import Following, RunFeed, SessionFeed
from penstockd.scheduler.peers import RunNews, SessionNews
from penstockd.scheduler.store import Store
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.waiters import Waiters
from penstockd.scheduler.usecases.worker import Workers
from unit.scheduler.builders import NOON, Runs, a_waiting_run, a_worker, until, wanted

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "RECONNECT", NOON - NOON)


@asynccontextmanager
async def running(loop: Following) -> AsyncIterator[None]:
    async def always() -> None:
        while True:
            await loop.tick(NOON)

    task = asyncio.create_task(always())
    try:
        async with asyncio.timeout(HANG_LIMIT):
            yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_run_that_waits_wakes_a_worker() -> None:
    state, namespaces = Runs(), Namespaces()
    waiters = Waiters(namespaces)
    loop = Following(namespaces, RunFeed(state, waiters).follow)
    with waiters.waiting(wanted()) as waiter:
        async with running(loop):
            state.run_news.put_nowait(RunNews(cursor="0.1", waiting=[a_waiting_run()]))
            await until(lambda: waiter.hinted)


async def test_a_broken_watch_goes_on_from_its_cursor() -> None:
    state, namespaces = Runs(), Namespaces()
    namespaces.add("home")
    loop = Following(namespaces, RunFeed(state, Waiters(namespaces)).follow)
    async with running(loop):
        state.run_news.put_nowait(RunNews(cursor="0.7", waiting=[]))
        state.run_news.put_nowait(Unavailable("the state service restarts"))
        await until(lambda: len(state.cursors) == 2)
    assert state.cursors == ["", "0.7"]


async def test_when_changes_are_gone_all_look() -> None:
    state, namespaces = Runs(), Namespaces()
    waiters = Waiters(namespaces)
    loop = Following(namespaces, RunFeed(state, waiters).follow)
    with (
        waiters.waiting(wanted()) as one,
        waiters.waiting(wanted(work_pool="other")) as other,
    ):
        async with running(loop):
            state.run_news.put_nowait(RunNews(cursor="0.7", waiting=[]))
            state.run_news.put_nowait(CursorExpired("too old"))
            await until(lambda: len(state.cursors) == 2)
        assert (one.hinted, other.hinted) == (True, True)
    assert state.cursors == ["", ""]


async def test_a_new_namespace_is_followed_too() -> None:
    state, namespaces = Runs(), Namespaces()
    namespaces.add("home")
    loop = Following(namespaces, RunFeed(state, Waiters(namespaces)).follow)
    async with running(loop):
        await until(lambda: len(state.cursors) == 1)
        namespaces.add("away")
        await until(lambda: len(state.followed) == 3)
    assert sorted(state.followed) == ["away", "home", "home"]


async def test_who_is_alive_is_learnt_and_survives_a_restart(store: Store) -> None:
    state, namespaces = Runs(), Namespaces()
    workers = Workers(store, state, namespaces, clock=lambda: NOON)
    worker = a_worker()
    await store.write(lambda tx: tx.workers.save(worker))
    state.session_news.put_nowait(SessionNews(cursor="0.3", alive={worker.id: False}))
    loop = Following(namespaces, SessionFeed(state, workers).follow, recall=workers.namespaces)
    async with running(loop):
        await until(state.session_news.empty)
        state.session_news.put_nowait(Unavailable("the state service restarts"))
        await until(lambda: len(state.cursors) == 2)
    assert not await is_alive(store, worker.id)
    again = Following(namespaces, SessionFeed(state, workers).follow, recall=workers.namespaces)
    async with running(again):
        await until(lambda: len(state.cursors) == 3)
    assert state.cursors == ["", "0.3", "0.3"]


async def test_when_changes_are_gone_nobody_is_held_alive(store: Store) -> None:
    state, namespaces = Runs(), Namespaces()
    workers = Workers(store, state, namespaces, clock=lambda: NOON)
    worker = a_worker()
    await store.write(lambda tx: tx.workers.save(worker))
    state.session_news.put_nowait(CursorExpired("too old"))
    loop = Following(namespaces, SessionFeed(state, workers).follow, recall=workers.namespaces)
    async with running(loop):
        await until(lambda: len(state.cursors) == 2)
    assert not await is_alive(store, worker.id)


async def is_alive(store: Store, worker_id: UUID) -> bool:
    worker = await store.read(lambda tx: tx.workers.get("home", worker_id))
    assert worker is not None
    return worker.alive


async def test_a_namespace_that_cannot_be_followed_holds_no_other_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    namespaces, followed = Namespaces(), asyncio.Queue[str]()
    namespaces.add("broken", "home")

    async def follow(namespace: str) -> None:
        if namespace == "broken":
            raise ValueError("a row that nobody can read")
        followed.put_nowait(namespace)

    async with running(Following(namespaces, follow)):
        for _ in range(3):
            assert await followed.get() == "home"
    told = [it for it in caplog.records if it.getMessage() == "namespace.not_followed"]
    assert told[0].__dict__["namespace"] == "broken"
