"""What leases cost the database does not grow with how many a worker holds."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE, HandClock, a_session, a_waiting_run, an_id, an_owned_run
from conformance.state.counting import CountingStore
from penstockd.chassis.ids import id_source
from penstockd.database import Database
from penstockd.database.request_log import Intent
from penstockd.state.rules.actor import USER
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import LeasePhase, Outcome, OutcomeType
from penstockd.state.rules.lease_report import Report
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import SessionKind, WorkerSession
from penstockd.state.usecases.lease import Claim, Leases
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.renewal import Renewal, Renewals
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.worker_session import WorkerSessions

pytestmark = pytest.mark.asyncio
MANY = 300
NO_WAIT = timedelta(0)


class Worker:
    """A session that holds some leases, and what its calls cost."""

    def __init__(self, database: Database) -> None:
        self.store = CountingStore(database)
        self.clock = HandClock()
        self.session: WorkerSession = a_session()
        sources = Sources(clock=self.clock, new_id=id_source(self.clock))
        notices, terms = Notices(), Terms()
        store: Any = self.store
        self.leases = Leases(store, sources, terms)
        self.sessions = WorkerSessions(store, sources, notices, terms)
        self._renewals = Renewals(store, sources, notices, terms)

    async def holding(self, count: int, phase: LeasePhase) -> list[FlowRun]:
        runs = [an_owned_run(session_id=self.session.id) for _ in range(count)]

        async def work(tx: Any) -> None:
            await tx.worker_sessions.save(self.session, tell_at=self.clock())
            for run in runs:
                await tx.flow_runs.insert(run, actor=USER, phase=phase)

        await self.store.write(work)
        self.store.counts.clear()
        return runs

    async def renew(self, runs: Sequence[FlowRun]) -> tuple[list[int], list[int]]:
        """Return how many statements its reads took, and its transactions."""
        renewal = Renewal(
            namespace=NAMESPACE, session_id=self.session.id, reports=reports_of(runs)
        )
        await self._renewals.renew(renewal, wait=NO_WAIT)
        return self.costs()

    def costs(self) -> tuple[list[int], list[int]]:
        costs = list(self.store.reads), list(self.store.counts)
        self.store.reads.clear()
        self.store.counts.clear()
        return costs

    def later(self) -> None:
        self.clock.forward(timedelta(seconds=5))


@pytest.fixture
def worker(database: Database) -> Worker:
    return Worker(database)


def ref_of(run: FlowRun) -> LeaseRef:
    owner = run.ownership
    assert owner.lease_id is not None
    return LeaseRef(lease_id=owner.lease_id, fence=owner.fence)


def reports_of(runs: Sequence[FlowRun]) -> list[Report]:
    return [Report(lease=ref_of(run), phase=LeasePhase.RUNNING) for run in runs]


@pytest.mark.parametrize("count", [1, MANY])
async def test_a_renewal_in_its_time_writes_one_row(worker: Worker, count: int) -> None:
    """It reads session and leases; then it locks and writes the session, and looks whether
    a lease is missing."""
    runs = await worker.holding(count, LeasePhase.RUNNING)
    worker.later()
    assert await worker.renew(runs) == ([2], [3])


@pytest.mark.parametrize("count", [1, MANY])
async def test_a_renewal_without_news_writes_nothing(worker: Worker, count: int) -> None:
    runs = await worker.holding(count, LeasePhase.RUNNING)
    assert await worker.renew(runs) == ([2], [])


@pytest.mark.parametrize("count", [1, MANY])
async def test_acknowledging_takes_two_statements_more(worker: Worker, count: int) -> None:
    runs = await worker.holding(count, LeasePhase.OFFERED)
    assert await worker.renew(runs) == ([2], [3])


@pytest.mark.parametrize("count", [1, MANY])
async def test_leaving_out_and_listing_again_take_two_statements_more_once(
    worker: Worker, count: int
) -> None:
    runs = await worker.holding(count, LeasePhase.RUNNING)
    worker.later()
    assert await worker.renew([]) == ([1], [5])
    worker.later()
    assert await worker.renew([]) == ([1], [3])
    worker.later()
    assert await worker.renew(runs) == ([2], [5])
    worker.later()
    assert await worker.renew(runs) == ([2], [3])


@pytest.mark.parametrize("count", [1, MANY])
async def test_a_reconnect_takes_as_much_however_many_are_held(
    worker: Worker, count: int
) -> None:
    runs = await worker.holding(count, LeasePhase.RUNNING)
    held = reports_of(runs)
    await worker.sessions.open(NAMESPACE, worker.session.id, SessionKind.EXECUTOR, held)
    assert worker.costs() == ([], [2])


async def test_completing_takes_four_statements_and_three_for_each_run_that_it_ends(
    worker: Worker,
) -> None:
    runs = await worker.holding(20, LeasePhase.RUNNING)
    for some in (runs[:1], runs[1:]):
        ended = [Outcome(lease=ref_of(run), type=OutcomeType.ENDED) for run in some]
        await worker.leases.complete(NAMESPACE, ended)
        assert worker.costs() == ([], [4 + 3 * len(some)])
        # What is known is only read.
        await worker.leases.complete(NAMESPACE, ended)
        assert worker.costs() == ([], [3])


@pytest.mark.parametrize("programs", [("python",), ("python", *map(str, range(500)))])
async def test_a_claim_takes_as_much_however_many_programs_a_worker_can_start(
    worker: Worker, programs: tuple[str, ...]
) -> None:
    await worker.holding(0, LeasePhase.RUNNING)

    async def keep(tx: Any) -> None:
        await tx.flow_runs.insert(a_waiting_run(), actor=USER, phase=LeasePhase.OFFERED)

    await worker.store.write(keep)
    worker.costs()
    claim = Claim(
        session_id=worker.session.id,
        work_pool="river",
        work_queues=("calm", "default"),
        programs=programs,
        limit=1,
    )
    intent = Intent(namespace=NAMESPACE, method="Claim", request_id=an_id(), request_hash=b"")
    await worker.leases.claim(intent, claim, render=lambda _: b"")
    # The request twice, the session, what waits, the run, and its hand-over in four.
    assert worker.costs() == ([], [9])
