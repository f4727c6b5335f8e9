"""Runs are handed out: a worker waits until some can be claimed for it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from penstock import telemetry
from penstock.errors import WorkerSessionNotFound
from penstockd.scheduler.peers import State
from penstockd.scheduler.rules.work import Claimed, Demand, Work, derived, limit_of
from penstockd.scheduler.rules.work_pool import queues_served
from penstockd.scheduler.rules.worker import Worker
from penstockd.scheduler.store import Intent, Store, Transaction
from penstockd.scheduler.usecases.waiters import Waiters

Render = Callable[[Sequence[Work]], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a worker can still take, and how long it waits for it at most."""

    worker_id: UUID
    slots: int
    wait: timedelta


class Works:
    def __init__(self, store: Store, state: State, waiters: Waiters) -> None:
        self._store = store
        self._state = state
        self._waiters = waiters

    async def acquire(self, intent: Intent, offer: Offer, *, render: Render) -> bytes:
        """Return the rendered works of one poll; none when the wait ended."""
        clock = asyncio.get_running_loop().time
        end = clock() + offer.wait.total_seconds()
        known = await self._store.read(lambda tx: _look(tx, intent, offer))
        if isinstance(known, bytes):
            return known
        manifest = known.manifest
        with self._waiters.waiting(
            intent.namespace, manifest.work_pool, manifest.work_queues
        ) as waiter:
            while True:
                with waiter.looking():
                    claimed = await self._claim(intent, offer, render)
                if isinstance(claimed, bytes):
                    return claimed
                await self._waiters.rest(waiter, end=end, next_due=claimed.next_due)
                if not waiter.hinted and clock() >= end:
                    return render(())

    async def _claim(self, intent: Intent, offer: Offer, render: Render) -> bytes | Claimed:
        """Return the answer with what was claimed, or when there may be something."""
        worker, demand = await self._store.read(lambda tx: _demand(tx, intent, offer))
        claimed = await self._state.claim(demand, request_id=_claim_id(intent, demand))
        if not claimed.works:
            return claimed
        works = [_handed_out(work, demand) for work in claimed.works]

        async def rendered() -> bytes:
            return render(works)

        async def remember(tx: Transaction) -> bytes:
            if not worker.alive:
                await tx.workers.set_alive(worker.namespace, {worker.id: True})
            return await tx.once(intent, rendered)

        return await self._store.write(remember)


def _claim_id(intent: Intent, demand: Demand) -> UUID:
    """One for all claims of a poll, so that what a lost answer claimed comes again.

    A claim that finds nothing is not remembered, and so in nobody's way.
    """
    return derived(intent.request_id, "claim", demand.limit, *demand.work_queues)


async def _look(tx: Transaction, intent: Intent, offer: Offer) -> bytes | Worker:
    """Return the answer if it is known, else who asks."""
    answer = await tx.answer_to(intent)
    return await _worker(tx, intent, offer) if answer is None else answer


async def _worker(tx: Transaction, intent: Intent, offer: Offer) -> Worker:
    worker = await tx.workers.get(intent.namespace, offer.worker_id)
    if worker is None:
        raise WorkerSessionNotFound(
            f"no worker {offer.worker_id} in {intent.namespace}: register it again",
            worker_id=str(offer.worker_id),
        )
    return worker


async def _demand(tx: Transaction, intent: Intent, offer: Offer) -> tuple[Worker, Demand]:
    worker = await _worker(tx, intent, offer)
    pool = await tx.work_pools.get(worker.namespace, worker.manifest.work_pool)
    demand = Demand(
        namespace=worker.namespace,
        session_id=worker.id,
        work_pool=pool.name,
        work_queues=queues_served(pool, worker.manifest.work_queues),
        limit=limit_of(offer.slots),
    )
    return worker, demand


def _handed_out(work: Work, demand: Demand) -> Work:
    """The hand-out is a span of the run's own trace, under which its worker goes on."""
    attributes = {
        telemetry.SERVICE: "penstock-scheduler",
        "penstock.flow_run_id": str(work.flow_run_id),
        "penstock.worker_id": str(demand.session_id),
        "penstock.work_pool": demand.work_pool,
    }
    with telemetry.span(
        "scheduler.hand_out", kind="producer", parent=work.traceparent, attributes=attributes
    ) as span:
        return replace(work, traceparent=span.traceparent or work.traceparent)
