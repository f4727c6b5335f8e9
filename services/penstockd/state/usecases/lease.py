"""Who may work on a run: hand-out, and giving back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.state.rules.actor import STATE_SERVICE, worker
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import (
    Lease,
    Outcome,
    claimed,
    ended_beside,
    lease_of,
    settled,
    size_of,
)
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.state import State
from penstockd.state.rules.terms import Terms
from penstockd.state.store import Answer, Intent, Store, Transaction
from penstockd.state.store.ports.lease import Waiting
from penstockd.state.usecases.endings import save
from penstockd.state.usecases.flow_run import lost
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.worker_session import alive, close_session

# As much as one answer holds; what is left is for the next claim.
LARGEST_HAND_OUT = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """`programs` are the keys of what the worker can start."""

    session_id: UUID
    work_pool: str
    work_queues: Sequence[str]
    programs: Sequence[str]
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """`next_due`: how long until a run is due, when none is now."""

    leases: Sequence[Lease]
    next_due: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """`state` is absent when the lease was lost."""

    lease_id: UUID
    state: State | None


class NothingDue(Exception):
    """Leaves no trace in the store: to ask again costs nothing."""

    def __init__(self, next_due: datetime | None) -> None:
        super().__init__("no run is due")
        self.next_due = next_due


class Leases:
    def __init__(self, store: Store, sources: Sources, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._terms = terms

    async def claim(
        self, intent: Intent, claim: Claim, *, render: Callable[[Claimed], bytes]
    ) -> Answer:
        """Raises WorkerSessionNotFound."""

        async def work(tx: Transaction) -> Answer:
            async def handed_out() -> bytes:
                return render(Claimed(leases=await self._hand_out(tx, intent.namespace, claim)))

            return await tx.once(intent, handed_out, now=self._sources.clock())

        try:
            return await self._store.write(work)
        except NothingDue as nothing:
            due = nothing.next_due
            wait = None if due is None else max(timedelta(0), due - self._sources.clock())
            response = render(Claimed(leases=(), next_due=wait))
            return Answer(response=response, replayed=False)

    async def complete(self, namespace: str, outcomes: Sequence[Outcome]) -> list[Settled]:
        async def work(tx: Transaction) -> list[Settled]:
            ids = list(dict.fromkeys(outcome.lease.lease_id for outcome in outcomes))
            runs = {
                it.ownership.lease_id: it for it in await tx.leases.runs_under(namespace, ids)
            }
            # After the locks: whoever completed one of these first has committed by now.
            known = await tx.leases.outcomes(namespace, ids)
            processes = set(await tx.worker_sessions.known(namespace, ids))
            now = self._sources.clock()
            left: dict[LeaseRef, State] = {}
            for outcome in outcomes:
                ref, run = outcome.lease, runs.get(outcome.lease.lease_id)
                if (
                    run is None
                    or not run.ownership.shown_by(ref)
                    or ref in known
                    or ref in left
                ):
                    continue
                left[ref] = await _settle(tx, run, outcome, now)
                if ref.lease_id in processes:
                    await _end_process(tx, namespace, outcome, now)
            await tx.leases.remember(namespace, left, at=now)
            answers = known | left
            return [
                Settled(lease_id=it.lease.lease_id, state=answers.get(it.lease))
                for it in outcomes
            ]

        return await self._store.write(work)

    async def check(self, namespace: str, flow_run_id: UUID, ref: LeaseRef) -> UUID:
        """Return the session that holds the lease. Raises FlowRunNotFound and LeaseLost."""
        run = await self._store.read(lambda tx: tx.flow_runs.load(namespace, flow_run_id))
        owner = run.ownership
        if not owner.owned or owner.session_id is None or not owner.shown_by(ref):
            raise lost(flow_run_id)
        return owner.session_id

    async def _hand_out(self, tx: Transaction, namespace: str, claim: Claim) -> list[Lease]:
        """Raises NothingDue."""
        await alive(tx, namespace, claim.session_id, lock=True)
        # Whoever waited for the lock is to have the whole time to acknowledge nevertheless.
        now = self._sources.clock()
        waiting = await tx.leases.waiting(
            namespace,
            work_pool=claim.work_pool,
            work_queues=claim.work_queues,
            programs=claim.programs,
        )
        leases: list[Lease] = []
        size = 0
        for work_queue in dict.fromkeys(claim.work_queues):
            due = [it for it in waiting if it.work_queue == work_queue and it.due <= now]
            limit = claim.limit - len(leases)
            for run, checkpoint in await _ready(
                tx, namespace, claim.work_pool, due, now, limit
            ):
                size += size_of(run, checkpoint)
                if leases and size > LARGEST_HAND_OUT:
                    return leases
                leases.append(await self._hand_over(tx, run, checkpoint, claim, now))
        if not leases:
            raise NothingDue(min((it.due for it in waiting), default=None))
        return leases

    async def _hand_over(
        self, tx: Transaction, run: FlowRun, checkpoint: bytes, claim: Claim, now: datetime
    ) -> Lease:
        taken = claimed(
            run,
            session_id=claim.session_id,
            lease_id=self._sources.new_id(),
            at=now,
            ack_within=self._terms.ack_deadline,
        )
        await tx.flow_runs.save(taken, actor=STATE_SERVICE)
        await tx.leases.begin(taken)
        return lease_of(taken, checkpoint)


async def _ready(
    tx: Transaction,
    namespace: str,
    work_pool: str,
    due: Sequence[Waiting],
    now: datetime,
    limit: int,
) -> list[tuple[FlowRun, bytes]]:
    """Lock the runs of one queue that come first, whatever their programs."""
    found: list[tuple[FlowRun, bytes]] = []
    if limit <= 0:
        return found
    for each in due:
        found += await tx.leases.ready(
            namespace,
            work_pool=work_pool,
            work_queue=each.work_queue,
            program=each.program,
            now=now,
            limit=limit,
        )
    if len(due) > 1:
        found.sort(key=lambda it: (it[0].state.scheduled_time or now, it[0].id))
    return found[:limit]


async def _settle(tx: Transaction, run: FlowRun, outcome: Outcome, now: datetime) -> State:
    after = settled(run, outcome, now)
    if after is not run:
        actor = worker(run.ownership.session_id)
        await save(tx, after, actor=actor, fence=outcome.lease.fence)
    return after.state


async def _end_process(
    tx: Transaction, namespace: str, outcome: Outcome, now: datetime
) -> None:
    """End what the process under the lease began in its own name, and says no more."""
    process = await tx.worker_sessions.find(namespace, outcome.lease.lease_id, lock=True)
    if process is not None:
        await close_session(tx, process, lambda run: ended_beside(run, outcome, now), now)
