"""Runs are handed out: a worker waits until some can be claimed for it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from penstock import telemetry
from penstock.errors import WorkerSessionNotFound
from penstock.spans import SERVICE
from penstockd.scheduler.peers import StateService
from penstockd.scheduler.rules.work import Claimed, Demand, Work, derived, limit_of
from penstockd.scheduler.rules.work_pool import queues_served
from penstockd.scheduler.rules.worker import Worker
from penstockd.scheduler.store import Answer, Intent, Store, Transaction
from penstockd.scheduler.usecases.waiters import Look, Waiters, Wanted

Render = Callable[[Sequence[Work]], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a worker can still take, and how long it waits for it at most."""

    worker_id: UUID
    slots: int
    wait: timedelta


class Works:
    def __init__(self, store: Store, state: StateService, waiters: Waiters) -> None:
        self._store = store
        self._state = state
        self._waiters = waiters

    async def acquire(self, intent: Intent, offer: Offer, *, render: Render) -> Answer:
        """Return the rendered works of one poll; none when the wait ended."""
        clock = asyncio.get_running_loop().time
        end = clock() + offer.wait.total_seconds()
        known = await self._store.read(lambda tx: _look(tx, intent, offer))
        if isinstance(known, Answer):
            return known
        with self._waiters.waiting(_wanted(known)) as waiter:
            while True:
                with waiter.looking() as look:
                    claimed = await self._claim(intent, offer, look, render)
                if isinstance(claimed, Answer):
                    return claimed
                await self._waiters.rest(waiter, end=end, next_due=claimed.next_due)
                if not waiter.hinted and clock() >= end:
                    return Answer(response=render(()), replayed=False)

    async def _claim(
        self, intent: Intent, offer: Offer, look: Look, render: Render
    ) -> Answer | Claimed:
        """Return the answer with what was claimed, or when there may be something."""
        worker, demand = await self._store.read(lambda tx: _demand(tx, intent, offer))
        claimed = await self._state.claim(demand, request_id=_claim_id(intent, demand))
        if not claimed.works:
            return claimed
        look.got = {work.flow_run_id for work in claimed.works}
        works = [_handed_out(work, demand) for work in claimed.works]

        async def rendered() -> bytes:
            return render(works)

        async def remember(tx: Transaction) -> Answer:
            if not worker.alive:
                await tx.workers.set_alive(worker.namespace, {worker.id: True})
            return await tx.once(intent, rendered)

        return await self._store.write(remember)


def _claim_id(intent: Intent, demand: Demand) -> UUID:
    """One for all claims of a poll, so that what a lost answer claimed comes again.

    A claim that finds nothing is not remembered, and so in nobody's way.
    """
    able = sorted((*demand.programs, *demand.handlers))
    return derived(intent.request_id, "claim", demand.limit, *demand.work_queues, *able)


def _wanted(worker: Worker) -> Wanted:
    manifest = worker.manifest
    return Wanted(
        namespace=worker.namespace,
        work_pool=manifest.work_pool,
        work_queues=manifest.work_queues,
        programs=manifest.startable,
    )


async def _look(tx: Transaction, intent: Intent, offer: Offer) -> Answer | Worker:
    """Return the answer if it is known, else who asks."""
    answer = await tx.answer_to(intent)
    return await _worker(tx, intent, offer) if answer is None else answer


async def _worker(tx: Transaction, intent: Intent, offer: Offer) -> Worker:
    worker = await tx.workers.get(intent.namespace, offer.worker_id)
    if worker is None:
        raise _unknown(f"no worker {offer.worker_id} in {intent.namespace}", offer)
    return worker


async def _demand(tx: Transaction, intent: Intent, offer: Offer) -> tuple[Worker, Demand]:
    worker = await _worker(tx, intent, offer)
    pool = await tx.work_pools.get(worker.namespace, worker.manifest.work_pool)
    queues = queues_served(pool, worker.manifest.work_queues)
    if not queues:
        raise _unknown(f"the queues of worker {worker.id} were deleted", offer)
    demand = Demand(
        namespace=worker.namespace,
        session_id=worker.id,
        work_pool=pool.name,
        work_queues=queues,
        programs=worker.manifest.programs,
        handlers=worker.manifest.handlers,
        limit=limit_of(offer.slots),
    )
    return worker, demand


def _unknown(why: str, offer: Offer) -> WorkerSessionNotFound:
    return WorkerSessionNotFound(f"{why}: register it again", worker_id=str(offer.worker_id))


def _handed_out(work: Work, demand: Demand) -> Work:
    """The hand-out is a span of the run's own trace, under which its worker goes on."""
    attributes = {
        SERVICE: "penstock-scheduler",
        "penstock.flow_run_id": str(work.flow_run_id),
        "penstock.worker_id": str(demand.session_id),
        "penstock.work_pool": demand.work_pool,
    }
    with telemetry.span(
        "scheduler.hand_out", kind="producer", parent=work.traceparent, attributes=attributes
    ) as span:
        return replace(work, traceparent=span.traceparent or work.traceparent)
