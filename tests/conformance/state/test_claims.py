"""However many ask at the same time, a run is handed out once."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE, NOON, HandClock, a_session, a_waiting_run
from penstock.errors import WorkerSessionNotFound
from penstockd.chassis.ids import id_source
from penstockd.database.request_log import Intent
from penstockd.state.rules.actor import USER
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import WorkerSession
from penstockd.state.store import Store, Transaction
from penstockd.state.usecases.lease import Claim, Claimed, Leases
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.worker_session import WorkerSessions

pytestmark = pytest.mark.asyncio
CLAIMERS, RUNS = 8, 60
BOTH = ("python", "handler:pour")
clock = HandClock()
new_id = id_source(clock)


@pytest.fixture
def leases(store: Store) -> Leases:
    return Leases(store, Sources(clock=clock, new_id=new_id), Terms())


async def a_stored_session(store: Store) -> WorkerSession:
    session = a_session()
    await store.write(lambda tx: tx.worker_sessions.save(session, tell_at=clock()))
    return session


async def keep(store: Store, runs: Sequence[FlowRun]) -> list[str]:
    async def work(tx: Transaction) -> None:
        for run in runs:
            await tx.flow_runs.insert(run, actor=USER, phase=LeasePhase.OFFERED)

    await store.write(work)
    return [str(run.id) for run in runs]


async def some_waiting_runs(store: Store, count: int, **changes: Any) -> list[str]:
    return await keep(store, [a_waiting_run(**changes) for _ in range(count)])


def names_of(claimed: Claimed) -> bytes:
    return ",".join(str(lease.run.id) for lease in claimed.leases).encode()


async def claim_all(
    leases: Leases, session: WorkerSession, programs: Sequence[str] = ("python",)
) -> list[str]:
    taken: list[str] = []
    claim = Claim(
        session_id=session.id,
        work_pool="river",
        work_queues=("default",),
        programs=programs,
        limit=3,
    )
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


async def test_each_program_goes_to_those_who_can_start_it(
    store: Store, leases: Leases
) -> None:
    python = await some_waiting_runs(store, 5)
    pour = await some_waiting_runs(store, 5, program="handler:pour")
    await some_waiting_runs(store, 5, program="handler:drain")
    session = await a_stored_session(store)
    assert await claim_all(leases, session, ()) == []
    assert sorted(await claim_all(leases, session, ("handler:pour",))) == sorted(pour)
    assert sorted(await claim_all(leases, session, BOTH)) == sorted(python)


async def test_runs_come_in_the_order_in_which_they_are_due_whatever_their_programs(
    store: Store, leases: Leases
) -> None:
    runs = []
    for place in range(8):
        due = NOON - timedelta(minutes=8 - place)
        run = a_waiting_run(program=BOTH[place % 2])
        runs.append(replace(run, state=run.state._replace(scheduled_time=due)))
    in_order = await keep(store, runs)
    session = await a_stored_session(store)
    assert await claim_all(leases, session, BOTH) == in_order


async def test_many_claimers_of_several_programs_never_share_a_run(
    store: Store, leases: Leases
) -> None:
    waiting = await some_waiting_runs(store, RUNS // 2)
    waiting += await some_waiting_runs(store, RUNS // 2, program="handler:pour")
    sessions = [await a_stored_session(store) for _ in range(CLAIMERS)]
    taken = await asyncio.gather(*(claim_all(leases, it, BOTH) for it in sessions))
    # Whoever found all that comes next in the hands of others goes on when they are done.
    taken.append(await claim_all(leases, sessions[0], BOTH))
    handed_out = [name for each in taken for name in each]
    assert sorted(handed_out) == sorted(waiting)


async def test_a_run_and_its_lease_tell_the_same_owner(store: Store, leases: Leases) -> None:
    await some_waiting_runs(store, 1)
    session = await a_stored_session(store)
    await claim_all(leases, session)
    (run,) = await store.write(lambda tx: tx.leases.owned_by(NAMESPACE, session.id))
    lease_id = run.ownership.lease_id
    assert lease_id is not None
    held = await store.read(lambda tx: tx.leases.held(NAMESPACE, [lease_id], lock=False))
    found = held[lease_id]
    assert (found.flow_run_id, found.ownership, found.state_type, found.phase) == (
        run.id, run.ownership, run.state.type, LeasePhase.OFFERED,
    )  # fmt: skip


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
