"""Signs of life: what a session must tell, and what it is told."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE
from contract.state.leasing import claim_again, complete, rulings
from contract.state.requests import (
    a_cancel,
    a_claim_for,
    a_creation,
    a_renewal,
    a_retry_policy,
    a_session,
    fresh,
    ruling_of,
    stale,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import worker_session_service_pb2
from penstock.api.type.v1 import lease_pb2
from penstock.errors import LeaseLost, WorkerSessionNotFound
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio
PARKED = timedelta(seconds=9)


async def keep_renewing(
    site: Site, session_id: str, *leases: lease_pb2.Lease, seconds: int
) -> None:
    """Renew in time, with some leases and without others."""
    reports = [(lease.lease_ref, "RUNNING") for lease in leases]
    for _ in range(seconds // 5):
        await site.pass_time(seconds=5)
        await rulings(site, session_id, *reports)


async def some_acknowledged(site: Site, session_id: str, count: int) -> list[lease_pb2.Lease]:
    leases = [await site.a_claimed_run(session_id) for _ in range(count)]
    await rulings(site, session_id, *((it.lease_ref, "ACKNOWLEDGED") for it in leases))
    return leases


async def test_a_hand_out_that_is_acknowledged_stays(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    assert await rulings(site, session_id, (lease.lease_ref, "ACKNOWLEDGED")) == ["OK"]
    await site.pass_time(seconds=6)
    assert await site.state(lease.run.flow_run_id) == "PENDING"


async def test_a_cancel_is_repeated_until_it_is_acknowledged(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    await site.cancel(lease.run.flow_run_id)
    for _ in range(2):
        answer = await site.leases.Renew(
            a_renewal(session_id, (lease.lease_ref, "RUNNING"), wait=PARKED)
        )
        assert ruling_of(answer.verdicts[0]) == "CANCEL"
        assert answer.verdicts[0].grace.ToTimedelta() == timedelta(seconds=25)
    await rulings(site, session_id, (lease.lease_ref, "CANCELLING"), wait=PARKED)
    clock = asyncio.get_running_loop().time
    start = clock()
    parks = timedelta(milliseconds=300)
    await rulings(site, session_id, (lease.lease_ref, "CANCELLING"), wait=parks)
    assert clock() - start >= 0.3


async def test_a_long_reason_of_a_cancel_is_cut(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    request = a_cancel(lease.run.flow_run_id, "because " * 1000)
    await site.flow_runs.CancelFlowRun(request)
    answer = await site.leases.Renew(a_renewal(session_id, (lease.lease_ref, "RUNNING")))
    assert len(answer.verdicts[0].message) == 1000


async def test_rulings_come_in_the_order_of_the_reports(site: Site) -> None:
    session_id = await site.a_session()
    leases = [await site.a_claimed_run(session_id) for _ in range(3)]
    await site.cancel(leases[1].run.flow_run_id)
    leases[2] = stale(leases[2])
    reports = [(lease.lease_ref, "ACKNOWLEDGED") for lease in leases]
    assert await rulings(site, session_id, *reports) == ["OK", "CANCEL", "LOST"]


async def test_a_worker_may_report_ten_thousand_leases(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    request = a_renewal(session_id, (lease.lease_ref, "RUNNING"))
    for _ in range(9_999):
        report = request.reports.add()
        report.CopyFrom(request.reports[0])
        report.lease.lease_id = fresh()
    answer = await site.leases.Renew(request)
    assert [ruling_of(it) for it in answer.verdicts] == ["OK"] + ["LOST"] * 9_999


@pytest.mark.parametrize("end", ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"])
async def test_until_it_is_completed_a_lease_whose_owner_ended_the_run_is_not_lost(
    site: Site, end: str
) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    if end == "CANCELLED":
        await site.cancel(lease.run.flow_run_id)
    await site.move(lease, end)
    assert await site.state(lease.run.flow_run_id) == end
    parks = timedelta(milliseconds=100)
    assert await rulings(site, session_id, (lease.lease_ref, "RUNNING"), wait=parks) == ["OK"]
    assert not (await complete(site, lease)).lost


async def test_a_lease_whose_run_somebody_else_ended_is_lost(site: Site) -> None:
    session_id = await site.a_session()
    policy = a_retry_policy(1, delays=[60])
    lease = await site.a_claimed_run(session_id, retry_policy=policy)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    await site.move(lease, "FAILED")
    await site.cancel(lease.run.flow_run_id)
    report = (lease.lease_ref, "RUNNING")
    assert await rulings(site, session_id, report, wait=PARKED) == ["LOST"]
    assert (await complete(site, lease)).lost


async def test_a_cancel_that_is_not_ended_in_time_loses_the_lease(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await site.move(lease, "RUNNING")
    await site.cancel(lease.run.flow_run_id)
    await keep_renewing(site, session_id, lease, seconds=50)
    assert await site.state(lease.run.flow_run_id) == "CANCELLING"
    await site.pass_time(seconds=1)
    assert await site.state(lease.run.flow_run_id) == "CANCELLED"
    assert await rulings(site, session_id, (lease.lease_ref, "CANCELLING")) == ["LOST"]


async def test_a_lease_of_another_session_is_lost(site: Site) -> None:
    mine, theirs = await site.a_session(), await site.a_session()
    lease = await site.a_claimed_run(theirs)
    for phase in ("ACKNOWLEDGED", "RUNNING"):
        assert await rulings(site, mine, (lease.lease_ref, phase)) == ["LOST"]
    # Nor was it acknowledged by that.
    await site.pass_time(seconds=6)
    assert await site.state(lease.run.flow_run_id) == "SCHEDULED"


async def test_nobody_keeps_a_lease_of_another_session_alive(site: Site) -> None:
    mine, theirs = await site.a_session(), await site.a_session()
    lease = await site.a_claimed_run(theirs)
    await rulings(site, theirs, (lease.lease_ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    for _ in range(4):
        await site.pass_time(seconds=5)
        await rulings(site, theirs)
        await rulings(site, mine, (lease.lease_ref, "RUNNING"))
    await site.pass_time(seconds=1)
    assert await site.state(lease.run.flow_run_id) == "CRASHED"


async def test_renewing_keeps_a_session_alive(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    for _ in range(8):
        await site.pass_time(seconds=5)
        assert await rulings(site, session_id, (lease.lease_ref, "RUNNING")) == ["OK"]
    assert await site.state(lease.run.flow_run_id) == "RUNNING"


async def test_a_renewal_may_come_late_by_nearly_a_whole_ttl(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    for late in (5, 14, 14):
        await site.pass_time(seconds=late)
        assert await rulings(site, session_id, (lease.lease_ref, "RUNNING")) == ["OK"]
    assert await site.state(lease.run.flow_run_id) == "RUNNING"


async def test_an_answer_tells_how_long_the_session_lives(site: Site) -> None:
    session_id = await site.a_session()
    left = []
    for seconds in (0, 2, 3, 1):
        site.inside.clock.forward(timedelta(seconds=seconds))
        answer = await site.leases.Renew(a_renewal(session_id))
        left.append(answer.ttl.ToTimedelta().total_seconds())
    assert left == [15, 13, 15, 14]


async def test_a_session_without_renewals_is_lost_with_what_it_ran(site: Site) -> None:
    session_id = await site.a_session()
    running, waiting = await some_acknowledged(site, session_id, 2)
    await site.move(running, "RUNNING")
    await site.pass_time(seconds=17)
    crashed = await site.run(running.run.flow_run_id)
    again = await site.run(waiting.run.flow_run_id)
    assert type_of(crashed.state) == "CRASHED"
    assert "was lost" in crashed.state.message
    assert (type_of(again.state), again.state.name) == ("SCHEDULED", "Interrupted")
    for lease in (running, waiting):
        with pytest.raises(LeaseLost), named_errors():
            await site.move(lease, "COMPLETED")
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await site.leases.Renew(a_renewal(session_id))


async def test_what_a_session_does_not_list_for_a_ttl_is_taken_away(site: Site) -> None:
    session_id = await site.a_session()
    listed, running, waiting = await some_acknowledged(site, session_id, 3)
    for lease in (listed, running):
        await site.move(lease, "RUNNING")
    await keep_renewing(site, session_id, listed, seconds=15)
    assert await site.state(running.run.flow_run_id) == "RUNNING"
    await keep_renewing(site, session_id, listed, seconds=10)
    crashed = await site.run(running.run.flow_run_id)
    assert (type_of(crashed.state), "lists" in crashed.state.message) == ("CRASHED", True)
    assert await site.state(waiting.run.flow_run_id) == "SCHEDULED"
    assert await site.state(listed.run.flow_run_id) == "RUNNING"
    reports = [(it.lease_ref, "RUNNING") for it in (listed, running, waiting)]
    assert await rulings(site, session_id, *reports) == ["OK", "LOST", "LOST"]
    assert (await claim_again(site)).run == waiting.run


async def test_whoever_runs_what_it_never_acknowledged_lists_it_too(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await site.move(lease, "RUNNING")
    await keep_renewing(site, session_id, seconds=25)
    assert await site.state(lease.run.flow_run_id) == "CRASHED"


async def test_a_script_lists_its_runs_too(site: Site) -> None:
    lease = await site.a_running_run()
    await keep_renewing(site, lease.session_id, seconds=25)
    assert await site.state(lease.run.flow_run_id) == "CRASHED"


async def test_a_run_that_is_retried_by_its_owner_is_listed_meanwhile(site: Site) -> None:
    session_id = await site.a_session()
    policy = a_retry_policy(1, delays=[60])
    lease = await site.a_claimed_run(session_id, retry_policy=policy)
    await rulings(site, session_id, (lease.lease_ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    await keep_renewing(site, session_id, seconds=10)
    await site.move(lease, "FAILED")
    await keep_renewing(site, session_id, seconds=15)
    assert (await site.run(lease.run.flow_run_id)).state.name == "Interrupted"


async def test_a_lease_that_is_listed_again_in_time_stays(site: Site) -> None:
    session_id = await site.a_session()
    (lease,) = await some_acknowledged(site, session_id, 1)
    await site.move(lease, "RUNNING")
    for _ in range(3):
        await keep_renewing(site, session_id, seconds=15)
        # Between two renewals in their time, of which only the session's are written.
        await site.pass_time(seconds=2)
        assert await rulings(site, session_id, (lease.lease_ref, "RUNNING")) == ["OK"]
    assert await site.state(lease.run.flow_run_id) == "RUNNING"


async def test_what_is_not_acknowledged_need_not_be_listed(site: Site) -> None:
    session_id = await site.a_session()
    await site.pass_time(seconds=4)
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id)
    assert await rulings(site, session_id, (lease.lease_ref, "ACKNOWLEDGED")) == ["OK"]
    await keep_renewing(site, session_id, lease, seconds=20)
    assert await site.state(lease.run.flow_run_id) == "PENDING"


async def test_what_has_ended_need_not_be_listed(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await site.move(lease, "COMPLETED")
    await site.move(lease, "RUNNING")
    await site.move(lease, "COMPLETED")
    await keep_renewing(site, session_id, seconds=25)
    assert await site.state(lease.run.flow_run_id) == "COMPLETED"


async def test_an_embedded_program_lists_nothing(embedded: Site) -> None:
    lease = await embedded.an_owned_run("EMBEDDED")
    await embedded.move(lease, "RUNNING")
    await keep_renewing(embedded, lease.session_id, seconds=25)
    assert await embedded.state(lease.run.flow_run_id) == "RUNNING"


async def test_after_an_outage_sessions_get_a_whole_ttl(site: Site) -> None:
    lease = await site.a_running_run()
    await site.inside.tick()
    site.inside.clock.forward(timedelta(minutes=10))
    await site.inside.tick()
    assert await site.state(lease.run.flow_run_id) == "RUNNING"
    await site.pass_time(seconds=16)
    assert await site.state(lease.run.flow_run_id) == "CRASHED"


async def test_after_an_outage_leases_may_be_listed_for_a_whole_ttl(site: Site) -> None:
    session_id = await site.a_session()
    kept, left = await some_acknowledged(site, session_id, 2)
    for lease in (kept, left):
        await site.move(lease, "RUNNING")
    await keep_renewing(site, session_id, seconds=10)
    site.inside.clock.forward(timedelta(seconds=14))
    await site.inside.tick()
    await keep_renewing(site, session_id, seconds=10)
    await rulings(site, session_id, (kept.lease_ref, "RUNNING"))
    assert await site.state(left.run.flow_run_id) == "RUNNING"
    await keep_renewing(site, session_id, kept, seconds=10)
    assert await site.state(left.run.flow_run_id) == "CRASHED"
    assert await site.state(kept.run.flow_run_id) == "RUNNING"


async def reopen(site: Site, session_id: str, *leases: lease_pb2.Lease) -> Any:
    request = a_session(session_id=session_id)
    reports = a_renewal(session_id, *((it.lease_ref, "RUNNING") for it in leases)).reports
    request.held.extend(reports)
    return await site.sessions.OpenWorkerSession(request)


async def test_a_reconnect_rules_on_what_is_held(site: Site) -> None:
    session_id = await site.a_session()
    held = await site.a_claimed_run(session_id)
    theirs = await site.a_claimed_run(await site.a_session())
    cancelled = await site.a_claimed_run(session_id)
    await site.cancel(cancelled.run.flow_run_id)
    opened = await reopen(site, session_id, held, stale(held), theirs, cancelled)
    told = [ruling_of(it) for it in opened.verdicts]
    assert told == ["OK", "LOST", "LOST", "CANCEL"]
    assert [it.lease_id for it in opened.verdicts][::3] == [
        held.lease_ref.lease_id,
        cancelled.lease_ref.lease_id,
    ]
    # Whoever says that it has the lease has acknowledged it.
    await site.pass_time(seconds=6)
    assert await site.state(held.run.flow_run_id) == "PENDING"


async def test_a_reconnect_lists_what_is_held(site: Site) -> None:
    session_id = await site.a_session()
    (lease,) = await some_acknowledged(site, session_id, 1)
    await site.move(lease, "RUNNING")
    await keep_renewing(site, session_id, seconds=15)
    await reopen(site, session_id, lease)
    await keep_renewing(site, session_id, seconds=10)
    assert await site.state(lease.run.flow_run_id) == "RUNNING"


async def test_a_session_that_expired_has_lost_its_leases(site: Site) -> None:
    session_id = await site.a_session()
    (lease,) = await some_acknowledged(site, session_id, 1)
    await site.move(lease, "RUNNING")
    done = await site.a_claimed_run(session_id)
    await site.move(done, "RUNNING")
    await site.move(done, "COMPLETED")
    await site.pass_time(seconds=17)
    opened = await reopen(site, session_id, lease, done)
    assert opened.session.alive
    assert [ruling_of(it) for it in opened.verdicts] == ["LOST", "OK"]


async def test_a_session_that_comes_back_before_it_was_ended_has_its_leases(
    site: Site,
) -> None:
    session_id = await site.a_session()
    (lease,) = await some_acknowledged(site, session_id, 1)
    await site.move(lease, "RUNNING")
    site.inside.clock.forward(timedelta(minutes=1))
    opened = await reopen(site, session_id, lease)
    assert [ruling_of(it) for it in opened.verdicts] == ["OK"]
    await site.pass_time(seconds=14)
    assert await site.state(lease.run.flow_run_id) == "RUNNING"


async def test_runs_that_a_process_began_beside_its_lease_are_its_own_to_list(
    site: Site,
) -> None:
    outer = await site.a_running_run()
    process = outer.lease_ref.lease_id
    creation = a_creation(parent_flow_run_id=outer.run.flow_run_id, claim=a_claim_for(process))
    inner = (await site.flow_runs.CreateFlowRun(creation)).lease
    await site.move(inner, "RUNNING")
    report = (inner.lease_ref, "RUNNING")
    assert await rulings(site, outer.session_id, report) == ["LOST"]
    assert await rulings(site, process, report) == ["OK"]
    close = worker_session_service_pb2.CloseWorkerSessionRequest(
        namespace=NAMESPACE, session_id=process
    )
    await site.sessions.CloseWorkerSession(close)
    assert await site.state(inner.run.flow_run_id) == "CRASHED"
    assert await site.state(outer.run.flow_run_id) == "RUNNING"
