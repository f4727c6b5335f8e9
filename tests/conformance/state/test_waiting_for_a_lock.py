"""Whoever waited for a row decides by the time at which it got the row."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from builders import (
    NAMESPACE,
    NOON,
    HandClock,
    a_session,
    a_state,
    a_waiting_run,
    an_id,
    an_owned_run,
    no_limit,
)
from hanging import HANG_LIMIT
from penstockd.chassis.ids import id_source
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.state.rules.actor import USER
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import LeasePhase, Outcome, OutcomeType
from penstockd.state.rules.ownership import LeaseRef
from penstockd.state.rules.run_spec import RetryPolicy, RunSpec
from penstockd.state.rules.state import S
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.transition import Proposal
from penstockd.state.rules.worker_session import SessionKind, WorkerSession
from penstockd.state.store import Intent
from penstockd.state.store.sql_store import SqlStore
from penstockd.state.usecases.flow_run import FlowRuns, NewFlowRun, SessionClaim
from penstockd.state.usecases.lease import Claim, Leases
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.renewal import Renewal, Renewals
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.transition import Move, Transitions
from penstockd.state.usecases.worker_session import WorkerSessions

pytestmark = pytest.mark.asyncio
TERMS = Terms()
HELD_UP = timedelta(seconds=4)
HOLD = {
    "session": "SELECT 1 FROM state_worker_session WHERE id = $1 FOR UPDATE",
    "run": "SELECT 1 FROM state_flow_run WHERE id = $1 FOR UPDATE",
}
WAITING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Service:
    """The use cases on a PostgreSQL whose rows a test can hold."""

    def __init__(self, store: SqlStore, holder: asyncpg.Connection) -> None:
        self.store = store
        self._holder = holder
        self.clock = HandClock()
        sources, notices = Sources(clock=self.clock, new_id=id_source(self.clock)), Notices()
        self.flow_runs = FlowRuns(store, sources, TERMS, no_limit())
        self.transitions = Transitions(store, sources, TERMS)
        self.leases = Leases(store, sources, TERMS)
        self.renewals = Renewals(store, sources, notices, TERMS)
        self.sessions = WorkerSessions(store, sources, notices, TERMS)

    async def held_up(self, what: str, row: UUID, call: Awaitable[object]) -> None:
        """Let the call wait for the row until its time has gone on."""
        async with self._holding(HOLD[what], row), asyncio.timeout(HANG_LIMIT):
            waiting = asyncio.ensure_future(call)
            while not await self._holder.fetchval(WAITING):
                await asyncio.sleep(0.005)
                assert not waiting.done()
            self.clock.forward(HELD_UP)
        await waiting

    async def session(self) -> WorkerSession:
        session = a_session()
        await self.store.write(lambda tx: tx.worker_sessions.save(session, tell_at=NOON))
        return session

    async def run(self, run: FlowRun) -> FlowRun:
        phase = LeasePhase.RUNNING
        await self.store.write(lambda tx: tx.flow_runs.insert(run, actor=USER, phase=phase))
        return run

    async def session_until(self, session_id: UUID) -> datetime | None:
        found = await self.store.read(lambda tx: tx.worker_sessions.find(NAMESPACE, session_id))
        assert found is not None
        return found.lease_until

    async def found(self, run: FlowRun) -> FlowRun:
        return await self.store.read(lambda tx: tx.flow_runs.load(NAMESPACE, run.id))

    @asynccontextmanager
    async def _holding(self, text: str, row: UUID) -> AsyncIterator[None]:
        async with self._holder.transaction():
            assert await self._holder.fetchval(text, row)
            yield


@pytest_asyncio.fixture
async def service(postgres_url: str) -> AsyncIterator[Service]:
    database = await open_database(postgres_url, schemas=[schema_of("state")])
    holder = await asyncpg.connect(postgres_url, server_settings={"search_path": "state"})
    yield Service(SqlStore(database, progress=timedelta(0)), holder)
    await holder.close()
    await database.close()


def an_intent(method: str) -> Intent:
    return Intent(namespace=NAMESPACE, method=method, request_id=an_id(), request_hash=b"")


def open_again(service: Service, session_id: UUID) -> Awaitable[object]:
    return service.sessions.open(NAMESPACE, session_id, SessionKind.EXECUTOR)


def renew(service: Service, session_id: UUID) -> Awaitable[object]:
    renewal = Renewal(namespace=NAMESPACE, session_id=session_id, reports=())
    return service.renewals.renew(renewal, wait=timedelta(0))


def create_claimed(service: Service, session_id: UUID) -> Awaitable[object]:
    claim = SessionClaim(session_id=session_id, kind=SessionKind.EXECUTOR)
    new = NewFlowRun(spec=RunSpec(flow_name="pipeline"), claim=claim)
    return service.flow_runs.create(
        an_intent("CreateFlowRun"), new, actor=USER, render=lambda _: b"made"
    )


@pytest.mark.parametrize("call", [open_again, renew, create_claimed])
async def test_a_session_gets_its_whole_time(
    service: Service, call: Callable[[Service, UUID], Awaitable[object]]
) -> None:
    session = await service.session()
    service.clock.forward(timedelta(seconds=5))
    await service.held_up("session", session.id, call(service, session.id))
    assert await service.session_until(session.id) == service.clock() + TERMS.ttl


async def test_a_hand_out_gets_the_whole_time_to_be_acknowledged(service: Service) -> None:
    session = await service.session()
    run = await service.run(a_waiting_run())
    claim = Claim(
        session_id=session.id,
        work_pool="river",
        work_queues=("default",),
        programs=("python",),
        limit=1,
    )
    claiming = service.leases.claim(an_intent("Claim"), claim, render=lambda _: b"claimed")
    await service.held_up("session", session.id, claiming)
    handed_out = await service.found(run)
    assert handed_out.ownership.ack_deadline == service.clock() + TERMS.ack_deadline


async def test_a_lease_gets_the_whole_time_to_be_listed(service: Service) -> None:
    session = await service.session()
    run = await service.run(an_owned_run(session_id=session.id))
    service.clock.forward(timedelta(seconds=5))
    await service.held_up("session", session.id, renew(service, session.id))
    deadline = (await service.found(run)).ownership.list_deadline
    assert deadline == service.clock() + TERMS.ttl


async def test_a_retry_waits_its_whole_delay(service: Service) -> None:
    minute = timedelta(minutes=1)
    policy = RetryPolicy(max_retries=1, retry_delays=(minute,))
    run = await service.run(an_owned_run(retry_policy=policy))
    await service.held_up("run", run.id, fail(service, run))
    assert (await service.found(run)).state.scheduled_time == service.clock() + minute


async def test_what_is_given_back_waits_its_whole_delay(service: Service) -> None:
    run = await service.run(an_owned_run(work_pool="river"))
    minute = timedelta(minutes=1)
    outcome = Outcome(lease=lease_of(run), type=OutcomeType.GIVEN_BACK, delay=minute)
    completing = service.leases.complete(NAMESPACE, [outcome])
    await service.held_up("run", run.id, completing)
    assert (await service.found(run)).state.scheduled_time == service.clock() + minute


async def test_a_session_ends_when_it_is_closed(service: Service) -> None:
    session = await service.session()
    run = await service.run(an_owned_run(session_id=session.id))
    closing = service.sessions.close(NAMESPACE, session.id)
    await service.held_up("session", session.id, closing)
    assert (await service.found(run)).end_time == service.clock()


def fail(service: Service, run: FlowRun) -> Awaitable[object]:
    proposal = Proposal(to=a_state(S.FAILED))
    proposed = Move(flow_run_id=run.id, proposal=proposal, lease=lease_of(run))
    intent = an_intent("TransitionFlowRun")
    return service.transitions.propose(intent, proposed, render=lambda _: b"moved")


def lease_of(run: FlowRun) -> LeaseRef:
    owner = run.ownership
    assert owner.lease_id is not None
    return LeaseRef(lease_id=owner.lease_id, fence=owner.fence)
