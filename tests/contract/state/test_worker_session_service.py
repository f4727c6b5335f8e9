"""How processes show that they are alive."""

from datetime import timedelta
from uuid import UUID

import pytest

from builders import NAMESPACE
from contract.state.requests import a_claim_for, a_creation, a_session, fresh, type_of
from contract.state.site import Site
from contract.state.watching import watching
from penstock.api.state.v1 import worker_session_service_pb2 as pb
from penstock.errors import (
    IdTaken,
    InvalidArgument,
    LeaseLost,
    WorkerSessionClosed,
    WorkerSessionNotFound,
)
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio


async def close(site: Site, session_id: str) -> pb.CloseWorkerSessionResponse:
    request = pb.CloseWorkerSessionRequest(namespace=NAMESPACE, session_id=session_id)
    return await site.sessions.CloseWorkerSession(request)  # type: ignore[no-any-return]


async def open_again(site: Site, how: str, session_id: str, kind: str = "EXECUTOR") -> None:
    """Open a session, by itself or for a new run."""
    if how == "session":
        await site.sessions.OpenWorkerSession(a_session(kind, session_id))
    else:
        claim = a_claim_for(session_id, kind)
        await site.flow_runs.CreateFlowRun(a_creation(claim=claim))


async def test_a_session_is_opened_once(site: Site) -> None:
    request = a_session()
    first = await site.sessions.OpenWorkerSession(request)
    assert first.session.alive
    assert first.ttl.ToTimedelta() == timedelta(seconds=15)
    assert first.renew_interval.ToTimedelta() == timedelta(seconds=5)
    assert first.ack_deadline.ToTimedelta() == timedelta(seconds=5)
    site.inside.clock.forward(timedelta(seconds=1))
    assert await site.sessions.OpenWorkerSession(request) == first


async def test_a_closed_session_stays_closed_and_hands_back_its_runs(site: Site) -> None:
    session_id = await site.a_session()
    waiting, running = [await site.a_claimed_run(session_id) for _ in range(2)]
    await site.move(running, "RUNNING")
    closed = await close(site, session_id)
    assert not closed.session.alive
    assert await close(site, session_id) == closed
    assert await site.state(waiting.run.flow_run_id) == "SCHEDULED"
    assert type_of((await site.run(running.run.flow_run_id)).state) == "CRASHED"
    with pytest.raises(LeaseLost), named_errors():
        await site.move(running, "COMPLETED")


@pytest.mark.parametrize("how", ["run", "session"])
async def test_a_closed_session_is_never_opened_again(site: Site, how: str) -> None:
    session_id = await site.a_session()
    closed = await close(site, session_id)
    with pytest.raises(WorkerSessionClosed) as refused, named_errors():
        await open_again(site, how, session_id)
    assert refused.value.metadata["session_id"] == session_id
    assert await close(site, session_id) == closed


@pytest.mark.parametrize("how", ["run", "session"])
async def test_a_session_that_expired_is_opened_again(site: Site, how: str) -> None:
    session_id = await site.a_session()
    await site.pass_time(seconds=17)
    await open_again(site, how, session_id)
    assert await is_alive(site, session_id)


async def test_a_session_that_expired_before_it_was_closed_is_closed_too(site: Site) -> None:
    session_id = await site.a_session()
    await site.pass_time(seconds=17)
    assert not (await close(site, session_id)).session.alive
    with pytest.raises(WorkerSessionClosed), named_errors():
        await open_again(site, "session", session_id)


@pytest.mark.parametrize("how", ["run", "session"])
async def test_an_open_session_is_of_one_kind(site: Site, how: str) -> None:
    session_id = await site.a_session("EXECUTOR")
    with pytest.raises(IdTaken) as refused, named_errors():
        await open_again(site, how, session_id, "SCRIPT")
    assert refused.value.metadata["session_id"] == session_id
    await open_again(site, how, session_id, "EXECUTOR")


@pytest.mark.parametrize(("how", "field"), [("run", "claim.kind"), ("session", "kind")])
async def test_only_a_program_that_shares_the_store_is_embedded(
    site: Site, place: str, how: str, field: str
) -> None:
    session_id = fresh()
    if place.startswith("local"):
        await open_again(site, how, session_id, "EMBEDDED")
        assert await is_alive(site, session_id)
        return
    with pytest.raises(InvalidArgument) as refused, named_errors():
        await open_again(site, how, session_id, "EMBEDDED")
    assert [it.field for it in refused.value.violations] == [field]
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await close(site, session_id)


async def is_alive(site: Site, session_id: str) -> bool:
    request = pb.WatchWorkerSessionsRequest(namespace=NAMESPACE, cursor="0.0")
    async with watching(site.sessions.WatchWorkerSessions, request) as watcher:
        told = (await watcher.news()).changes
    alive: dict[str, bool] = {it.id: it.alive for it in told}
    return alive[session_id]


@pytest.mark.parametrize("opens", ["run", "session"])
async def test_whoever_opens_its_session_again_has_time_to_renew_it(
    site: Site, opens: str
) -> None:
    session_id = await site.a_session("SCRIPT")
    await site.pass_time(seconds=14)
    if opens == "session":
        await site.sessions.OpenWorkerSession(a_session("SCRIPT", session_id))
    creation = a_creation(claim=a_claim_for(session_id))
    lease = (await site.flow_runs.CreateFlowRun(creation)).lease
    await site.pass_time(seconds=5)
    assert await site.state(lease.run.flow_run_id) == "PENDING"


async def test_an_embedded_session_lives_as_long_as_its_process(embedded: Site) -> None:
    lease = await embedded.an_owned_run("EMBEDDED")
    await embedded.move(lease, "RUNNING")
    await embedded.pass_time(minutes=1)
    assert await embedded.state(lease.run.flow_run_id) == "RUNNING"
    embedded.inside.living.dead.add(UUID(lease.session_id))
    await embedded.inside.tick()
    assert await embedded.state(lease.run.flow_run_id) == "CRASHED"


async def test_the_dead_of_another_process_are_found_at_the_first_tick(
    embedded: Site,
) -> None:
    lease = await embedded.an_owned_run("EMBEDDED")
    embedded.inside.living.dead.add(UUID(lease.session_id))
    await embedded.inside.tick()
    assert await embedded.state(lease.run.flow_run_id) == "CRASHED"


async def test_a_session_that_ended_is_forgotten_after_a_day_and_told_as_dead(
    site: Site,
) -> None:
    session_id = await site.a_session()
    request = pb.WatchWorkerSessionsRequest(namespace=NAMESPACE, cursor="0.0")
    await close(site, session_id)
    site.inside.clock.forward(timedelta(hours=23))
    await site.inside.tick("state.retention")
    assert not (await close(site, session_id)).session.alive
    site.inside.clock.forward(timedelta(hours=2))
    await site.inside.tick("state.retention")
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await close(site, session_id)
    async with watching(site.sessions.WatchWorkerSessions, request) as watcher:
        told = (await watcher.news()).changes
    assert [(it.id, it.alive) for it in told] == [(session_id, False)]


async def test_an_unknown_session_cannot_be_closed(site: Site) -> None:
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await close(site, fresh())


async def test_bad_requests_are_refused(site: Site) -> None:
    for call, request in (
        (site.sessions.OpenWorkerSession, a_session(session_id="mine")),
        (site.sessions.CloseWorkerSession, pb.CloseWorkerSessionRequest(namespace=NAMESPACE)),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await call(request)
