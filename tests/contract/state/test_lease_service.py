import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from builders import NAMESPACE, NOON
from contract.state.requests import (
    NULL,
    QUEUE,
    a_claim,
    a_claim_for,
    a_creation,
    a_renewal,
    an_ending,
    fresh,
    later,
    ruling_of,
    stale,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import lease_pb2
from penstock.api.state.v1 import lease_service_pb2 as pb
from penstock.errors import (
    FlowRunNotFound,
    InvalidArgument,
    LeaseLost,
    RequestIdReused,
    ShuttingDown,
    WorkerSessionNotFound,
)
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio
PARKED = timedelta(seconds=9)


def a_check(lease: lease_pb2.Lease) -> pb.CheckLeaseRequest:
    return pb.CheckLeaseRequest(
        namespace=NAMESPACE, flow_run_id=lease.flow_run_id, lease=lease.ref
    )


async def claimed(site: Site, session_id: str, **more: Any) -> list[str]:
    answer = await site.leases.Claim(a_claim(session_id, **more))
    return [it.flow_run.id for it in answer.claimed]


async def rulings(site: Site, session_id: str, *reports: Any, **more: Any) -> list[str]:
    answer = await site.leases.Renew(a_renewal(session_id, *reports, **more))
    return [ruling_of(it) for it in answer.verdicts]


async def complete(site: Site, lease: lease_pb2.Lease, what: str = "ended", **more: Any) -> Any:
    answer = await site.leases.Complete(an_ending(lease.ref, what, **more))
    return answer.results[0]


async def test_a_claim_hands_out_a_due_run_with_its_lease(site: Site) -> None:
    run, session_id = await site.a_run(traceparent="00-ab-cd-01"), await site.a_session()
    (claim,) = (await site.leases.Claim(a_claim(session_id))).claimed
    assert (claim.flow_run.id, type_of(claim.flow_run.state)) == (run.id, "PENDING")
    lease = claim.lease
    assert (lease.flow_run_id, lease.session_id, lease.ref.fence) == (run.id, session_id, 1)
    assert (lease.attempt, lease.reason) == (1, lease_pb2.LEASE_REASON_RUN)
    assert (lease.traceparent, lease.cost.slots) == ("00-ab-cd-01", 1)
    assert await claimed(site, session_id) == []


async def test_claims_go_by_queue_then_due_time_then_id(site: Site) -> None:
    late = await site.a_run(work_queue="calm", expected_start_time=later(NOON, minutes=-2))
    first = await site.a_run(expected_start_time=later(NOON, minutes=-1))
    second = await site.a_run(expected_start_time=later(NOON, minutes=-1))
    await site.a_run(work_queue="closed")
    await site.a_run(work_pool="sea")
    session_id = await site.a_session()
    assert await claimed(site, session_id, limit=9, queues=(QUEUE, "calm")) == [
        first.id,
        second.id,
        late.id,
    ]


async def test_a_claim_takes_no_more_than_it_asks_for(site: Site) -> None:
    for _ in range(3):
        await site.a_run()
    assert len(await claimed(site, await site.a_session(), limit=2)) == 2


async def test_an_empty_claim_says_when_to_come_back(site: Site) -> None:
    session_id = await site.a_session()
    nothing = await site.leases.Claim(a_claim(session_id))
    assert not nothing.HasField("next_due")
    await site.a_run(expected_start_time=later(NOON, seconds=30))
    early = await site.leases.Claim(a_claim(session_id))
    assert not early.claimed
    assert timedelta(seconds=29) < early.next_due.ToTimedelta() <= timedelta(seconds=30)
    site.inside.clock.forward(timedelta(seconds=30))
    assert len(await claimed(site, session_id)) == 1


async def test_a_claim_that_comes_twice_gets_the_same_runs(site: Site) -> None:
    await site.a_run()
    await site.a_run()
    request = a_claim(await site.a_session())
    first = await site.leases.Claim(request)
    assert await site.leases.Claim(request) == first
    request.limit = 2
    with pytest.raises(RequestIdReused), named_errors():
        await site.leases.Claim(request)


async def test_only_a_living_session_claims_and_renews(site: Site) -> None:
    await site.a_run()
    for session_id in (fresh(), await ended_session(site)):
        with pytest.raises(WorkerSessionNotFound), named_errors():
            await site.leases.Claim(a_claim(session_id))
        with pytest.raises(WorkerSessionNotFound), named_errors():
            await site.leases.Renew(a_renewal(session_id))


async def ended_session(site: Site) -> str:
    session_id = await site.a_session("EMBEDDED")
    site.inside.living.dead.add(UUID(session_id))
    await site.inside.tick()
    return session_id


async def test_a_hand_out_without_an_answer_is_offered_again_at_no_cost(site: Site) -> None:
    first, second = await site.a_session(), await site.a_session()
    lease = await site.a_claimed_run(first)
    await site.pass_time(seconds=6)
    assert await site.state(lease.flow_run_id) == "SCHEDULED"
    (again,) = (await site.leases.Claim(a_claim(second))).claimed
    assert (again.flow_run.id, again.lease.attempt) == (lease.flow_run_id, 1)
    assert again.lease.ref.fence > lease.ref.fence
    assert await rulings(site, first, (lease.ref, "ACKNOWLEDGED")) == ["LOST"]
    with pytest.raises(LeaseLost), named_errors():
        await site.move(lease, "RUNNING")


async def test_a_hand_out_that_is_acknowledged_stays(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    assert await rulings(site, session_id, (lease.ref, "ACKNOWLEDGED")) == ["OK"]
    await site.pass_time(seconds=6)
    assert await site.state(lease.flow_run_id) == "PENDING"


async def test_an_acknowledgement_is_answered_at_once(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    clock = asyncio.get_running_loop().time
    start = clock()
    for phase in ("ACKNOWLEDGED", "RUNNING"):
        assert await rulings(site, session_id, (lease.ref, phase), wait=PARKED) == ["OK"]
    assert clock() - start < PARKED.total_seconds() / 2


async def test_a_renewal_parks_until_a_cancel_comes(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    clock = asyncio.get_running_loop().time
    parked = asyncio.create_task(rulings(site, session_id, (lease.ref, "RUNNING"), wait=PARKED))
    await asyncio.sleep(0.1)
    assert not parked.done()
    start = clock()
    await site.cancel(lease.flow_run_id)
    assert await parked == ["CANCEL"]
    assert clock() - start < PARKED.total_seconds() / 2


async def test_a_cancel_is_repeated_until_it_is_acknowledged(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.ref, "RUNNING"))
    await site.cancel(lease.flow_run_id)
    for _ in range(2):
        answer = await site.leases.Renew(
            a_renewal(session_id, (lease.ref, "RUNNING"), wait=PARKED)
        )
        assert ruling_of(answer.verdicts[0]) == "CANCEL"
        assert answer.verdicts[0].grace.ToTimedelta() == timedelta(seconds=25)
    await rulings(site, session_id, (lease.ref, "CANCELLING"), wait=PARKED)
    clock = asyncio.get_running_loop().time
    start = clock()
    parks = timedelta(milliseconds=300)
    await rulings(site, session_id, (lease.ref, "CANCELLING"), wait=parks)
    assert clock() - start >= 0.3


async def test_rulings_come_in_the_order_of_the_reports(site: Site) -> None:
    session_id = await site.a_session()
    leases = [await site.a_claimed_run(session_id) for _ in range(3)]
    await site.cancel(leases[1].flow_run_id)
    leases[2] = stale(leases[2])
    reports = [(lease.ref, "ACKNOWLEDGED") for lease in leases]
    assert await rulings(site, session_id, *reports) == ["OK", "CANCEL", "LOST"]


async def test_a_lease_of_a_run_that_ended_is_lost(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await site.move(lease, "FAILED")
    assert await rulings(site, session_id, (lease.ref, "RUNNING"), wait=PARKED) == ["LOST"]


async def test_renewing_keeps_a_session_alive(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    for _ in range(8):
        await site.pass_time(seconds=5)
        assert await rulings(site, session_id, (lease.ref, "RUNNING")) == ["OK"]
    assert await site.state(lease.flow_run_id) == "RUNNING"


async def test_a_renewal_may_come_late_by_nearly_a_whole_ttl(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await rulings(site, session_id, (lease.ref, "RUNNING"))
    await site.move(lease, "RUNNING")
    for late in (5, 14, 14):
        await site.pass_time(seconds=late)
        assert await rulings(site, session_id, (lease.ref, "RUNNING")) == ["OK"]
    assert await site.state(lease.flow_run_id) == "RUNNING"


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
    running, waiting = [await site.a_claimed_run(session_id) for _ in range(2)]
    for lease in (running, waiting):
        await rulings(site, session_id, (lease.ref, "ACKNOWLEDGED"))
    await site.move(running, "RUNNING")
    await site.pass_time(seconds=17)
    crashed, again = await site.run(running.flow_run_id), await site.run(waiting.flow_run_id)
    assert (type_of(crashed.state), crashed.fence) == ("CRASHED", 2)
    assert "was lost" in crashed.state.message
    assert (type_of(again.state), again.state.name, again.fence) == (
        "SCHEDULED", "Interrupted", 2,
    )  # fmt: skip
    for lease in (running, waiting):
        with pytest.raises(LeaseLost), named_errors():
            await site.move(lease, "COMPLETED")
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await site.leases.Renew(a_renewal(session_id))


async def test_after_an_outage_sessions_get_a_whole_ttl(site: Site) -> None:
    lease = await site.a_running_run()
    await site.inside.tick()
    site.inside.clock.forward(timedelta(minutes=10))
    await site.inside.tick()
    assert await site.state(lease.flow_run_id) == "RUNNING"
    await site.pass_time(seconds=16)
    assert await site.state(lease.flow_run_id) == "CRASHED"


async def test_a_checkpoint_goes_to_the_next_owner(site: Site) -> None:
    first, second = await site.a_session(), await site.a_session()
    lease = await site.a_claimed_run(first)
    await rulings(site, first, (lease.ref, "RUNNING"), checkpoint=NULL)
    await complete(site, lease, "give_back")
    (again,) = (await site.leases.Claim(a_claim(second))).claimed
    assert again.lease.checkpoint == NULL


async def test_a_process_that_left_no_terminal_state_crashed(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await site.move(lease, "RUNNING")
    result = await complete(site, lease, message="killed by SIGKILL")
    assert (type_of(result.state), result.state.message) == ("CRASHED", "killed by SIGKILL")
    assert await complete(site, lease, "cancelled") == result


async def test_what_the_process_said_itself_stands(site: Site) -> None:
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    result = await complete(site, lease)
    assert (type_of(result.state), result.lost) == ("COMPLETED", False)


async def test_a_worker_that_stopped_user_code_cancels(site: Site) -> None:
    lease = await site.a_running_run()
    await site.cancel(lease.flow_run_id)
    assert type_of((await complete(site, lease, "cancelled")).state) == "CANCELLED"


@pytest.mark.parametrize(
    ("what", "ends_as"),
    [("ended", "CRASHED"), ("cancelled", "CANCELLED"), ("give_back", "CRASHED")],
)
async def test_what_a_process_began_in_its_own_name_ends_with_its_lease(
    site: Site, what: str, ends_as: str
) -> None:
    lease = await site.a_running_run()
    claim = a_claim_for(lease.ref.lease_id)
    creation = a_creation(parent_flow_run_id=lease.flow_run_id, claim=claim)
    inner = (await site.flow_runs.CreateFlowRun(creation)).lease
    await site.move(inner, "RUNNING")
    other = await site.a_running_run()
    await complete(site, lease, what, message="killed by SIGKILL")
    state = (await site.run(inner.flow_run_id)).state
    assert (type_of(state), state.message) == (ends_as, "killed by SIGKILL")
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await rulings(site, lease.ref.lease_id)
    assert await site.state(other.flow_run_id) == "RUNNING"


async def test_what_is_given_back_waits_and_costs_no_attempt(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await site.move(lease, "RUNNING")
    result = await complete(site, lease, "give_back", delay=timedelta(seconds=20))
    assert (type_of(result.state), result.state.name) == ("SCHEDULED", "Interrupted")
    assert await claimed(site, session_id) == []
    site.inside.clock.forward(timedelta(seconds=20))
    (again,) = (await site.leases.Claim(a_claim(session_id))).claimed
    assert (again.flow_run.id, again.lease.attempt) == (lease.flow_run_id, 1)


async def test_a_stale_outcome_changes_nothing(site: Site) -> None:
    lease = await site.a_running_run()
    before = await site.run(lease.flow_run_id)
    result = await complete(site, stale(lease))
    assert (result.lost, result.HasField("state")) == (True, False)
    assert await site.run(lease.flow_run_id) == before


async def test_outcomes_stand_each_on_its_own(site: Site) -> None:
    good, lost = await site.a_running_run(), await site.a_running_run()
    request = an_ending(good.ref)
    request.outcomes.append(an_ending(stale(lost).ref).outcomes[0])
    request.outcomes.append(request.outcomes[0])
    results = (await site.leases.Complete(request)).results
    assert [it.lost for it in results] == [False, True, False]


async def test_a_check_tells_who_holds_the_lease(site: Site) -> None:
    lease = await site.a_running_run()
    answer = await site.leases.CheckLease(a_check(lease))
    assert answer.session_id == lease.session_id
    with pytest.raises(LeaseLost), named_errors():
        await site.leases.CheckLease(a_check(stale(lease)))
    await site.move(lease, "COMPLETED")
    with pytest.raises(LeaseLost), named_errors():
        await site.leases.CheckLease(a_check(lease))
    lease.flow_run_id = fresh()
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.leases.CheckLease(a_check(lease))


async def test_the_drain_lets_a_parked_renewal_go(site: Site) -> None:
    session_id = await site.a_session()
    parked = asyncio.create_task(rulings(site, session_id, wait=PARKED))
    await asyncio.sleep(0.1)
    site.inside.draining.begin()
    with pytest.raises(ShuttingDown), named_errors():
        await parked


async def test_bad_requests_are_refused(site: Site) -> None:
    for call, request in (
        (site.leases.Claim, a_claim(fresh(), limit=0)),
        (site.leases.Renew, a_renewal("mine")),
        (site.leases.Complete, pb.CompleteRequest(namespace=NAMESPACE)),
        (site.leases.CheckLease, pb.CheckLeaseRequest(namespace=NAMESPACE)),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await call(request)
