import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import pytest
import pytest_asyncio

from hanging import HANG_LIMIT
from penstock.errors import RequestIdReused, Unavailable, WorkerSessionNotFound
from penstockd.scheduler.rules.deployment import Deployment, DeploymentRef
from penstockd.scheduler.rules.work_pool import WorkQueue
from penstockd.scheduler.store import Store, Transaction
from penstockd.scheduler.usecases.deployment_run import DeploymentRuns, Wish
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.waiters import Waiters
from penstockd.scheduler.usecases.work import Offer, Works
from unit.scheduler.builders import (
    NOON,
    Runs,
    a_deployment,
    a_manifest,
    a_pool,
    a_spec,
    a_worker,
    an_id,
    an_intent,
    ids_of,
    until,
)

pytestmark = pytest.mark.asyncio

T = TypeVar("T")
LONG = timedelta(seconds=20)
NEVER = timedelta(hours=1)


class Counted:
    """A store that counts its transactions."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads = self.writes = 0

    async def read(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        self.reads += 1
        return await self._store.read(work)

    async def write(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        self.writes += 1
        return await self._store.write(work)

    async def forget(self, *, older_than: datetime) -> int:
        return await self._store.forget(older_than=older_than)


class Yard:
    """A pool with queues "urgent" and "default", a deployment in each, and workers."""

    def __init__(self, store: Store) -> None:
        self.store = Counted(store)
        self.state = Runs()
        self.waiters = Waiters(Namespaces(), look_again=NEVER)
        self.works = Works(self.store, self.state, self.waiters)
        self._runs = DeploymentRuns(self.store, self.state, self.waiters)

    async def open(self) -> None:
        urgent = WorkQueue(name="urgent", priority=1, create_time=NOON)
        default = WorkQueue(name="default", priority=2, create_time=NOON)
        pool = a_pool(work_queues=(urgent, default))
        await self.store.write(lambda tx: tx.work_pools.insert(pool))
        for queue in ("urgent", "default"):
            deployment = a_deployment(name=queue, spec=a_spec(work_queue=queue))
            await self.store.write(partial(_add, deployment))

    async def a_worker(self, *queues: str, alive: bool = True) -> UUID:
        manifest = a_manifest(work_queues=queues)
        worker = a_worker(manifest=manifest, alive=alive)
        await self.store.write(lambda tx: tx.workers.save(worker))
        return worker.id

    async def run(self, queue: str = "default") -> str:
        return await self._run(self._runs, queue)

    async def run_elsewhere(self) -> str:
        """Another process makes a run, and no hint comes."""
        runs = DeploymentRuns(self.store, self.state, Waiters(Namespaces()))
        return await self._run(runs, "default")

    async def _run(self, runs: DeploymentRuns, queue: str) -> str:
        wish = Wish(deployment=DeploymentRef(flow_name="spring", name=queue))
        intent = an_intent("RunDeployment")
        answer = await runs.run(intent, wish, render=lambda run: str(run.id).encode())
        return answer.response.decode()

    async def acquire(
        self, worker: UUID, *, slots: int = 1, wait: timedelta = LONG, intent: Any = None
    ) -> list[str]:
        offer = Offer(worker_id=worker, slots=slots, wait=wait)
        answer = await self.works.acquire(intent or an_intent(), offer, render=ids_of)
        return answer.response.decode().split()

    async def waits(self, claims: int) -> None:
        """Return when so many claims have been made."""
        await until(lambda: len(self.state.claims) >= claims)


async def _add(deployment: Deployment, tx: Transaction) -> None:
    await tx.deployments.insert(deployment)


@pytest_asyncio.fixture
async def yard(store: Store) -> AsyncIterator[Yard]:
    yard = Yard(store)
    await yard.open()
    yield yard


async def test_a_waiting_worker_gets_a_new_run_at_once(yard: Yard) -> None:
    worker = await yard.a_worker()
    async with asyncio.timeout(HANG_LIMIT), asyncio.TaskGroup() as group:
        poll = group.create_task(yard.acquire(worker))
        await yard.waits(claims=1)
        run = await yard.run()
    assert poll.result() == [run]
    assert len(yard.state.claims) == 2  # one found nothing, one was woken: no polls


async def test_a_hand_out_costs_two_transactions_after_its_wake(yard: Yard) -> None:
    """Which worker it is and which queues there are; then what it got."""
    worker = await yard.a_worker()
    async with asyncio.timeout(HANG_LIMIT), asyncio.TaskGroup() as group:
        poll = group.create_task(yard.acquire(worker))
        await yard.waits(claims=1)
        before = yard.store.reads, yard.store.writes
        await yard.run_elsewhere()
        asked = yard.store.reads, yard.store.writes
        yard.waiters.hint_all("home")
        await poll
    assert (asked[0] - before[0], asked[1] - before[1]) == (1, 1)
    assert (yard.store.reads - asked[0], yard.store.writes - asked[1]) == (1, 1)


async def test_a_wait_without_runs_ends_empty(yard: Yard) -> None:
    assert await yard.acquire(await yard.a_worker(), wait=timedelta(0)) == []
    assert len(yard.state.claims) == 1


async def test_credits_are_never_exceeded(yard: Yard) -> None:
    worker = await yard.a_worker()
    runs = [await yard.run() for _ in range(5)]
    assert await yard.acquire(worker, slots=3) == runs[:3]
    assert await yard.acquire(worker, slots=3) == runs[3:]


async def test_one_run_wakes_one_worker_the_first_that_came(yard: Yard) -> None:
    workers = [await yard.a_worker() for _ in range(3)]
    async with asyncio.timeout(HANG_LIMIT), asyncio.TaskGroup() as group:
        polls = []
        for count, worker in enumerate(workers, 1):
            polls.append(group.create_task(yard.acquire(worker)))
            await yard.waits(claims=count)
        runs = [await yard.run()]
        await polls[0]
        assert [poll.done() for poll in polls] == [True, False, False]
        runs += [await yard.run(), await yard.run()]
    assert sorted(run for poll in polls for run in poll.result()) == sorted(runs)
    assert len(yard.state.claims) == 6


async def test_a_run_wakes_only_those_who_serve_its_queue(yard: Yard) -> None:
    urgent, all_queues = await yard.a_worker("urgent"), await yard.a_worker()
    async with asyncio.timeout(HANG_LIMIT), asyncio.TaskGroup() as group:
        narrow = group.create_task(yard.acquire(urgent))
        await yard.waits(claims=1)
        wide = group.create_task(yard.acquire(all_queues))
        await yard.waits(claims=2)
        ordinary = await yard.run("default")
        assert (await wide, narrow.done()) == ([ordinary], False)
        pressing = await yard.run("urgent")
    assert narrow.result() == [pressing]


async def test_the_most_urgent_queue_comes_first(yard: Yard) -> None:
    ordinary, pressing = await yard.run("default"), await yard.run("urgent")
    assert await yard.acquire(await yard.a_worker(), slots=2) == [pressing, ordinary]


async def test_two_polls_never_get_the_same_run(yard: Yard) -> None:
    workers = [await yard.a_worker() for _ in range(8)]
    async with asyncio.timeout(HANG_LIMIT), asyncio.TaskGroup() as group:
        polls = [group.create_task(yard.acquire(each, slots=2)) for each in workers]
        runs = [await yard.run() for _ in range(12)]
        polls += [
            group.create_task(yard.acquire(each, slots=2, wait=timedelta(0)))
            for each in workers
        ]
        await until(lambda: not yard.state.waiting)
        for _ in range(8):
            await yard.run()
    got = [run for poll in polls for run in poll.result()]
    assert len(got) == len(set(got))
    assert set(got) >= set(runs)


async def test_a_poll_that_comes_again_gets_the_same_runs(yard: Yard) -> None:
    worker, intent = await yard.a_worker(), an_intent()
    run = await yard.run()
    assert await yard.acquire(worker, intent=intent) == [run]
    await yard.run()
    assert await yard.acquire(worker, intent=intent) == [run]


async def test_a_poll_whose_caller_left_while_it_claimed_gets_its_runs_again(
    yard: Yard,
) -> None:
    worker, intent = await yard.a_worker(), an_intent()
    run = await yard.run()
    poll = asyncio.create_task(yard.acquire(worker, intent=intent))
    await yard.waits(claims=1)
    poll.cancel()
    with pytest.raises(asyncio.CancelledError):
        await poll
    assert await yard.acquire(worker, intent=intent) == [run]


async def test_what_a_lost_claim_took_comes_with_the_next_try(yard: Yard) -> None:
    worker, intent = await yard.a_worker(), an_intent()
    run = await yard.run()
    yard.state.loses_answers = True
    with pytest.raises(Unavailable):
        await yard.acquire(worker, intent=intent)
    yard.state.loses_answers = False
    assert await yard.acquire(worker, intent=intent) == [run]


async def test_a_poll_that_was_empty_looks_anew(yard: Yard) -> None:
    worker, intent = await yard.a_worker(), an_intent()
    assert await yard.acquire(worker, intent=intent, wait=timedelta(0)) == []
    run = await yard.run()
    assert await yard.acquire(worker, intent=intent, wait=timedelta(0)) == [run]


async def test_a_request_id_serves_one_poll(yard: Yard) -> None:
    worker, intent = await yard.a_worker(), an_intent()
    await yard.run()
    await yard.acquire(worker, intent=intent)
    other = an_intent(request_id=intent.request_id, request_hash=b"other")
    with pytest.raises(RequestIdReused):
        await yard.acquire(worker, intent=other)


async def test_an_unknown_worker_must_register(yard: Yard) -> None:
    with pytest.raises(WorkerSessionNotFound, match="register"):
        await yard.acquire(an_id())


async def test_a_dead_worker_leaves_its_hint_to_the_next(yard: Yard) -> None:
    dead, alive = await yard.a_worker(), await yard.a_worker()
    async with asyncio.timeout(HANG_LIMIT):
        first = asyncio.create_task(yard.acquire(dead))
        await yard.waits(claims=1)
        second = asyncio.create_task(yard.acquire(alive))
        await yard.waits(claims=2)
        yard.state.ended.add(dead)
        run = await yard.run()
        with pytest.raises(WorkerSessionNotFound):
            await first
        assert await second == [run]


async def test_a_worker_that_takes_a_run_is_alive(yard: Yard) -> None:
    worker = await yard.a_worker(alive=False)
    await yard.run()
    await yard.acquire(worker)
    seen = await yard.store.read(lambda tx: tx.workers.get("home", worker))
    assert seen is not None
    assert seen.alive


async def test_a_run_that_comes_due_is_looked_for_then(yard: Yard) -> None:
    worker = await yard.a_worker()
    yard.state.next_due = timedelta(milliseconds=20)
    async with asyncio.timeout(HANG_LIMIT), asyncio.TaskGroup() as group:
        poll = group.create_task(yard.acquire(worker))
        await yard.waits(claims=1)
        run = await yard.run_elsewhere()
    assert poll.result() == [run]
