"""However many ask at the same time, a run is handed out once."""

import asyncio
from contextlib import suppress

import pytest

from builders import NAMESPACE, HandClock, a_flow_run, a_session
from penstock.errors import WorkerSessionNotFound
from penstockd.chassis.ids import id_source
from penstockd.database.request_log import Intent
from penstockd.state.rules.lease import Held, LeasePhase
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store import Store, Transaction
from penstockd.state.usecases.lease import Claim, Claimed, Leases
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.worker_session import WorkerSessions

pytestmark = pytest.mark.asyncio
CLAIMERS, RUNS = 8, 60
clock = HandClock()
new_id = id_source(clock)


@pytest.fixture
def leases(store: Store) -> Leases:
    return Leases(store, Sources(clock=clock, new_id=new_id), Notices(), Terms())


async def a_stored_session(store: Store) -> WorkerSession:
    session = a_session()
    await store.write(lambda tx: tx.worker_sessions.save(session, tell_at=clock()))
    return session


async def some_waiting_runs(store: Store, count: int) -> set[str]:
    runs = [a_flow_run(work_pool="river", work_queue="default") for _ in range(count)]

    async def work(tx: Transaction) -> None:
        for run in runs:
            await tx.flow_runs.insert(run, actor="client", phase=LeasePhase.OFFERED)

    await store.write(work)
    return {str(run.id) for run in runs}


def names_of(claimed: Claimed) -> bytes:
    return ",".join(str(lease.run.id) for lease in claimed.leases).encode()


async def claim_all(leases: Leases, session: WorkerSession) -> list[str]:
    taken: list[str] = []
    claim = Claim(session_id=session.id, work_pool="river", work_queues=("default",), limit=3)
    while True:
        intent = Intent(
            namespace=NAMESPACE, method="Claim", request_id=new_id(), request_hash=b""
        )
        answer = await leases.claim(intent, claim, render=names_of)
        if not answer.response:
            return taken
        taken += answer.response.decode().split(",")


async def test_many_claimers_never_share_a_run(store: Store, leases: Leases) -> None:
    waiting = await some_waiting_runs(store, RUNS)
    sessions = [await a_stored_session(store) for _ in range(CLAIMERS)]
    taken = await asyncio.gather(*(claim_all(leases, session) for session in sessions))
    handed_out = [name for each in taken for name in each]
    assert sorted(handed_out) == sorted(waiting)


async def test_a_run_and_its_lease_tell_the_same_owner(store: Store, leases: Leases) -> None:
    await some_waiting_runs(store, 1)
    session = await a_stored_session(store)
    await claim_all(leases, session)
    (run,) = await store.write(lambda tx: tx.leases.owned_by(NAMESPACE, session.id))
    lease_id = run.lease_id
    assert lease_id is not None
    held = await store.read(lambda tx: tx.leases.held(NAMESPACE, [lease_id], lock=False))
    assert held == {lease_id: Held(run=run, phase=LeasePhase.OFFERED)}


async def test_a_claim_and_the_end_of_its_session_do_not_cross(
    store: Store, leases: Leases
) -> None:
    """Whichever comes first: no run is left in the hands of a session that has ended."""
    await some_waiting_runs(store, 20)
    session = await a_stored_session(store)
    sessions = WorkerSessions(store, Sources(clock=clock, new_id=new_id), Notices(), Terms())

    async def claim() -> None:
        with suppress(WorkerSessionNotFound):
            await claim_all(leases, session)

    async def close() -> None:
        await sessions.close(NAMESPACE, session.id)

    await asyncio.gather(claim(), claim(), close(), claim())
    owned = await store.write(lambda tx: tx.leases.owned_by(NAMESPACE, session.id))
    assert owned == []
