"""Who may work on a run: hand-out, signs of life, and giving back."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.state.rules.lease import (
    Held,
    Lease,
    LeaseRef,
    Outcome,
    Report,
    Ruling,
    claimed,
    ended_beside,
    holds,
    is_settled,
    lease_of,
    news,
    noted,
    ruling,
    settled,
    size_of,
)
from penstockd.state.rules.state import State
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import WorkerSession, renewed, time_left
from penstockd.state.store import Answer, Commits, Intent, Store, Transaction
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.flow_run import lost
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.worker_session import end_session, not_open

# A busy store commits all the time, and most of it concerns other sessions.
LOOK_AGAIN = timedelta(milliseconds=200)
# As much as one answer holds; what is left is for the next claim.
LARGEST_HAND_OUT = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    session_id: UUID
    work_pool: str
    work_queues: Sequence[str]
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """`next_due`: how long until a run is due, when none is now."""

    leases: Sequence[Lease]
    next_due: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    lease_id: UUID
    ruling: Ruling
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """`time_left`: how long the session lives from now without another renewal."""

    rulings: Sequence[Ruled]
    time_left: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """`state` is absent when the lease was lost."""

    lease_id: UUID
    state: State | None


class NothingDue(Exception):
    """Leaves no trace in the store: to ask again costs nothing."""


class Leases:
    def __init__(self, store: Store, sources: Sources, notices: Notices, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._notices = notices
        self._terms = terms

    async def claim(
        self, intent: Intent, claim: Claim, *, render: Callable[[Claimed], bytes]
    ) -> Answer:
        """Raises WorkerSessionNotFound."""

        async def work(tx: Transaction) -> Answer:
            async def handed_out() -> bytes:
                leases = await self._hand_out(tx, intent.namespace, claim)
                if not leases:
                    raise NothingDue
                return render(Claimed(leases=leases))

            return await tx.once(intent, handed_out, now=self._sources.clock())

        try:
            return await self._store.write(work)
        except NothingDue:
            due = await self._store.read(lambda tx: _next_due(tx, intent.namespace, claim))
            wait = None if due is None else max(timedelta(0), due - self._sources.clock())
            response = render(Claimed(leases=(), next_due=wait))
            return Answer(response=response, replayed=False)

    async def renew(
        self, namespace: str, session_id: UUID, reports: Sequence[Report], *, wait: timedelta
    ) -> Renewed:
        """Return a ruling for each report, once one changes or the wait is over.

        Raises WorkerSessionNotFound.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + min(wait, self._terms.renew_interval).total_seconds()
        with self._notices.listening(session_id) as bell:
            commit = self._store.commits.listen()
            told, session, held = await self._renew(namespace, session_id, reports)
            while not told and all(_is_settled(held, it) for it in reports):
                parks = until - loop.time()
                if parks <= 0 or not await _heard(bell, self._store.commits, commit, parks):
                    break
                bell.clear()
                commit = self._store.commits.listen()
                session, held = await self._look(namespace, session_id, reports)
        left = time_left(session, at=self._sources.clock(), terms=self._terms)
        return Renewed(rulings=[_ruled(held, report) for report in reports], time_left=left)

    async def complete(self, namespace: str, outcomes: Sequence[Outcome]) -> list[Settled]:
        async def work(tx: Transaction) -> list[Settled]:
            ids = [outcome.lease.lease_id for outcome in outcomes]
            held = await tx.leases.held(namespace, ids, lock=True)
            now = self._sources.clock()
            return [await _settle(tx, held, outcome, now) for outcome in outcomes]

        return await self._store.write(work)

    async def check(self, namespace: str, flow_run_id: UUID, ref: LeaseRef) -> UUID:
        """Return the session that holds the lease. Raises FlowRunNotFound and LeaseLost."""
        run = await self._store.read(lambda tx: tx.flow_runs.load(namespace, flow_run_id))
        if not run.owned or run.session_id is None or not holds(run, ref):
            raise lost(flow_run_id)
        return run.session_id

    async def _hand_out(self, tx: Transaction, namespace: str, claim: Claim) -> list[Lease]:
        await _alive(tx, namespace, claim.session_id, lock=True)
        # Whoever waited for the lock is to have the whole time to acknowledge nevertheless.
        now = self._sources.clock()
        leases: list[Lease] = []
        size = 0
        for work_queue in dict.fromkeys(claim.work_queues):
            left = claim.limit - len(leases)
            if left <= 0:
                break
            for run, checkpoint in await tx.leases.ready(
                namespace, work_pool=claim.work_pool, work_queue=work_queue, now=now, limit=left
            ):
                size += size_of(run, checkpoint)
                if leases and size > LARGEST_HAND_OUT:
                    return leases
                taken = claimed(
                    run,
                    session_id=claim.session_id,
                    lease_id=self._sources.new_id(),
                    at=now,
                    ack_within=self._terms.ack_deadline,
                )
                await tx.flow_runs.save(taken, actor="state")
                await tx.leases.begin(taken)
                leases.append(lease_of(taken, checkpoint))
        return leases

    async def _look(
        self, namespace: str, session_id: UUID, reports: Sequence[Report]
    ) -> tuple[WorkerSession, dict[UUID, Held]]:
        async def work(tx: Transaction) -> tuple[WorkerSession, dict[UUID, Held]]:
            session = await _alive(tx, namespace, session_id)
            return session, await tx.leases.held(namespace, _ids(reports), lock=False)

        return await self._store.read(work)

    async def _renew(
        self, namespace: str, session_id: UUID, reports: Sequence[Report]
    ) -> tuple[bool, WorkerSession, dict[UUID, Held]]:
        """Write what the reports tell, and the session if its time is due, if either is."""
        clock, terms = self._sources.clock, self._terms
        session, held = await self._look(namespace, session_id, reports)
        if not _told(held, reports) and renewed(session, at=clock(), terms=terms) is None:
            return False, session, held

        async def work(tx: Transaction) -> tuple[bool, WorkerSession, dict[UUID, Held]]:
            known = await _alive(tx, namespace, session_id, lock=True)
            if (longer := renewed(known, at=clock(), terms=terms)) is not None:
                await tx.worker_sessions.save(longer)
                known = longer
            locked = await tx.leases.held(namespace, _ids(reports), lock=True)
            told = _told(locked, reports)
            for report in told:
                after = noted(locked[report.lease.lease_id], report)
                await tx.leases.note(after)
                locked[report.lease.lease_id] = after
            return bool(told), known, locked

        return await self._store.write(work)


async def _alive(
    tx: Transaction, namespace: str, session_id: UUID, *, lock: bool = False
) -> WorkerSession:
    session = await tx.worker_sessions.find(namespace, session_id, lock=lock)
    if session is None or not session.alive:
        raise not_open(session_id)
    return session


async def _next_due(tx: Transaction, namespace: str, claim: Claim) -> datetime | None:
    dues = [
        await tx.leases.next_due(namespace, work_pool=claim.work_pool, work_queue=work_queue)
        for work_queue in dict.fromkeys(claim.work_queues)
    ]
    return min((due for due in dues if due is not None), default=None)


async def _settle(
    tx: Transaction, held: dict[UUID, Held], outcome: Outcome, now: datetime
) -> Settled:
    lease_id = outcome.lease.lease_id
    lease = held.get(lease_id)
    if lease is None or not holds(lease.run, outcome.lease):
        return Settled(lease_id=lease_id, state=None)
    run = settled(lease.run, outcome, now)
    if run is not lease.run:
        await save(tx, run, actor="worker")
        # The same lease may be named twice in one call.
        held[lease_id] = Held(run=run, phase=lease.phase, checkpoint=lease.checkpoint)
    await _end_process(tx, run.namespace, outcome, now)
    return Settled(lease_id=lease_id, state=run.state)


async def _end_process(
    tx: Transaction, namespace: str, outcome: Outcome, now: datetime
) -> None:
    """End what the process under the lease began in its own name, and says no more."""
    process = await tx.worker_sessions.find(namespace, outcome.lease.lease_id, lock=True)
    if process is not None:
        await end_session(tx, process, lambda run: ended_beside(run, outcome, now), now)


def _ids(reports: Sequence[Report]) -> list[UUID]:
    return [report.lease.lease_id for report in reports]


def _told(held: dict[UUID, Held], reports: Sequence[Report]) -> list[Report]:
    """Return the reports that tell something new of a lease that is not lost."""
    return [
        report
        for report in reports
        if (lease := held.get(report.lease.lease_id)) is not None
        and ruling(lease, report.lease) is not Ruling.LOST
        and news(lease, report)
    ]


def _is_settled(held: dict[UUID, Held], report: Report) -> bool:
    lease = held.get(report.lease.lease_id)
    return is_settled(lease, ruling(lease, report.lease))


def _ruled(held: dict[UUID, Held], report: Report) -> Ruled:
    lease = held.get(report.lease.lease_id)
    ruled = ruling(lease, report.lease)
    message = ""
    if ruled is Ruling.LOST:
        message = "somebody else owns the run now, or it ended"
    elif ruled is Ruling.CANCEL and lease is not None:
        message = lease.run.state.message
    return Ruled(lease_id=report.lease.lease_id, ruling=ruled, message=message)


async def _heard(
    bell: asyncio.Event, commits: Commits, commit: asyncio.Event, seconds: float
) -> bool:
    """Wait for the bell, or for news of any commit; False when the time is over."""
    ringing = asyncio.ensure_future(bell.wait())
    committing = asyncio.ensure_future(commits.wait(commit, timedelta(seconds=seconds)))
    waits = {ringing, committing}
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if ringing.done():
            return True
        heard = committing.done() and committing.result()
        if heard:
            nap = min(LOOK_AGAIN.total_seconds(), seconds)
            await asyncio.wait({ringing}, timeout=nap)
        return heard
    finally:
        for wait in waits:
            wait.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*waits, return_exceptions=True)
