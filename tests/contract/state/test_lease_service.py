"""How runs are handed out and given back, and who holds them."""

from datetime import timedelta
from uuid import UUID

import pytest

from builders import NAMESPACE, NOON
from contract.state.leasing import claim_again, claimed, complete, rulings
from contract.state.requests import (
    NULL,
    QUEUE,
    TRACEPARENT,
    a_claim,
    a_claim_for,
    a_creation,
    a_failure,
    a_renewal,
    a_retry_policy,
    an_ending,
    cause_of,
    fresh,
    later,
    stale,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import lease_service_pb2 as pb
from penstock.api.type.v1 import launch_spec_pb2, lease_pb2
from penstock.errors import (
    FlowRunNotFound,
    InvalidArgument,
    LeaseLost,
    NotSupportedYet,
    RequestIdReused,
    WorkerSessionClosed,
    WorkerSessionNotFound,
)
from penstock.wire_errors import named_errors
from penstockd.state.rules.lease import MOST_LOST_STARTS

pytestmark = pytest.mark.asyncio
POUR = launch_spec_pb2.LaunchSpec(handler="pour")
COMMAND = launch_spec_pb2.LaunchSpec(command=launch_spec_pb2.CommandProgram(argv=["pour"]))
PYTHON_KIND = launch_spec_pb2.PROGRAM_KIND_PYTHON
COMMAND_KIND = launch_spec_pb2.PROGRAM_KIND_COMMAND


def a_check(lease: lease_pb2.Lease) -> pb.CheckLeaseRequest:
    return pb.CheckLeaseRequest(namespace=NAMESPACE, run=lease.run, lease=lease.lease_ref)


async def test_a_claim_hands_out_a_due_run_with_its_lease(site: Site) -> None:
    run, session_id = await site.a_run(traceparent=TRACEPARENT), await site.a_session()
    (claim,) = (await site.leases.Claim(a_claim(session_id))).claimed
    assert (claim.flow_run.id, type_of(claim.flow_run.state)) == (run.id, "PENDING")
    assert claim.flow_run.spec == run.spec
    lease = claim.lease
    assert (lease.run.flow_run_id, lease.session_id, lease.lease_ref.fence) == (
        run.id, session_id, 1,
    )  # fmt: skip
    assert (lease.attempt, lease.reason) == (1, lease_pb2.LEASE_REASON_RUN)
    assert (lease.traceparent, lease.resources.slots) == (TRACEPARENT, 1)
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


async def test_a_run_whose_program_the_worker_cannot_start_is_left_to_others(
    site: Site,
) -> None:
    python = await site.a_run()
    pour = await site.a_run(launch=POUR)
    command = await site.a_run(launch=COMMAND)
    go, executor = await site.a_session(), await site.a_session()
    assert await claimed(site, go, limit=9, handlers=["drain"]) == []
    assert await claimed(site, go, limit=9, handlers=["drain", "pour"]) == [pour.id]
    assert await claimed(site, executor, limit=9, programs=[COMMAND_KIND]) == [command.id]
    await site.a_run(launch=POUR)
    both = [PYTHON_KIND, COMMAND_KIND]
    assert await claimed(site, executor, limit=9, programs=both) == [python.id]


async def test_a_handler_is_no_program_of_its_name(site: Site) -> None:
    await site.a_run(launch=launch_spec_pb2.LaunchSpec(handler="python"))
    assert await claimed(site, await site.a_session()) == []
    assert await claimed(site, await site.a_session(), handlers=["handler:python"]) == []


async def test_nothing_is_due_for_whoever_cannot_start_it(site: Site) -> None:
    await site.a_run(expected_start_time=later(NOON, seconds=30))
    session_id = await site.a_session()
    others = await site.leases.Claim(a_claim(session_id, handlers=["pour"]))
    assert not others.HasField("next_due")
    assert (await site.leases.Claim(a_claim(session_id))).HasField("next_due")


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


async def test_only_a_living_session_claims_and_renews(site: Site, embedded: Site) -> None:
    await site.a_run()
    for session_id in (fresh(), await ended_session(embedded)):
        with pytest.raises(WorkerSessionNotFound), named_errors():
            await site.leases.Claim(a_claim(session_id))
        with pytest.raises(WorkerSessionNotFound), named_errors():
            await site.leases.Renew(a_renewal(session_id))


async def ended_session(embedded: Site) -> str:
    session_id = await embedded.a_session("EMBEDDED")
    embedded.inside.living.dead.add(UUID(session_id))
    await embedded.inside.tick()
    return session_id


async def test_a_hand_out_without_an_answer_is_offered_again_at_no_cost(site: Site) -> None:
    first, second = await site.a_session(), await site.a_session()
    lease = await site.a_claimed_run(first)
    await site.pass_time(seconds=6)
    assert await site.state(lease.run.flow_run_id) == "SCHEDULED"
    again = await claim_again(site, second)
    assert (again.run, again.attempt) == (lease.run, 1)
    assert again.reason == lease_pb2.LEASE_REASON_RUN
    assert again.lease_ref.fence > lease.lease_ref.fence
    assert await rulings(site, first, (lease.lease_ref, "ACKNOWLEDGED")) == ["LOST"]
    with pytest.raises(LeaseLost), named_errors():
        await site.move(lease, "RUNNING")


async def test_a_checkpoint_goes_to_the_next_owner(site: Site) -> None:
    first, second = await site.a_session(), await site.a_session()
    lease = await site.a_claimed_run(first)
    await rulings(site, first, (lease.lease_ref, "RUNNING"), checkpoint=NULL)
    await complete(site, lease, "given_back")
    assert (await claim_again(site, second)).checkpoint == NULL


async def test_a_process_that_left_no_terminal_state_crashed(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    await site.move(lease, "RUNNING")
    result = await complete(site, lease, message="killed by SIGKILL")
    assert (type_of(result.state), result.state.message) == ("CRASHED", "killed by SIGKILL")
    last = (await site.history(lease.run.flow_run_id))[-1]
    assert (last.fence, last.actor.id) == (lease.lease_ref.fence, session_id)


async def test_a_process_that_was_killed_before_the_run_began_costs_no_attempt(
    site: Site,
) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    # Whoever begins has begun: what was lost before is forgotten.
    for starts in (1, MOST_LOST_STARTS):
        for lost in range(starts):
            result = await complete(site, lease, interrupted=True)
            assert (type_of(result.state), result.state.name) == ("SCHEDULED", "Interrupted")
            site.inside.clock.forward(timedelta(seconds=2**lost))
            lease = await claim_again(site)
            assert lease.attempt == 1
        await site.move(lease, "RUNNING")
        await complete(site, lease, "given_back")
        lease = await claim_again(site)
    for lost in range(MOST_LOST_STARTS):
        await complete(site, lease, interrupted=True)
        site.inside.clock.forward(timedelta(seconds=2**lost))
        lease = await claim_again(site)
    assert type_of((await complete(site, lease, interrupted=True)).state) == "CRASHED"


async def test_what_is_known_of_a_crash_is_kept_with_the_run(site: Site) -> None:
    lease = await site.a_running_run()
    request = an_ending(lease.lease_ref)
    failure = a_failure("builtins.MemoryError", stack="deep", language="python")
    request.outcomes[0].ended.failure.CopyFrom(failure)
    await site.leases.Complete(request)
    assert (await site.run(lease.run.flow_run_id)).failure == failure
    told = (await site.history(lease.run.flow_run_id))[-1].failure
    assert (told.error_type, told.stack) == ("builtins.MemoryError", "")


async def test_what_the_process_said_itself_stands(site: Site) -> None:
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    result = await complete(site, lease)
    assert (type_of(result.state), result.lost) == ("COMPLETED", False)


async def test_a_worker_that_stopped_user_code_cancels(site: Site) -> None:
    lease = await site.a_running_run()
    await site.cancel(lease.run.flow_run_id)
    assert type_of((await complete(site, lease, "cancelled")).state) == "CANCELLED"


@pytest.mark.parametrize(
    ("what", "ends_as"),
    [("ended", "CRASHED"), ("cancelled", "CANCELLED"), ("given_back", "CRASHED")],
)
async def test_what_a_process_began_in_its_own_name_ends_with_its_lease(
    site: Site, what: str, ends_as: str
) -> None:
    lease = await site.a_running_run()
    process = lease.lease_ref.lease_id
    creation = a_creation(parent_flow_run_id=lease.run.flow_run_id, claim=a_claim_for(process))
    inner = (await site.flow_runs.CreateFlowRun(creation)).lease
    await site.move(inner, "RUNNING")
    other = await site.a_running_run()
    await complete(site, lease, what, message="killed by SIGKILL")
    state = (await site.run(inner.run.flow_run_id)).state
    assert (type_of(state), state.message) == (ends_as, "killed by SIGKILL")
    with pytest.raises(LeaseLost), named_errors():
        await site.move(inner, "COMPLETED")
    with pytest.raises(WorkerSessionNotFound), named_errors():
        await rulings(site, process)
    with pytest.raises(WorkerSessionClosed), named_errors():
        await site.flow_runs.CreateFlowRun(a_creation(claim=a_claim_for(process)))
    assert await site.state(other.run.flow_run_id) == "RUNNING"


async def test_what_is_given_back_waits_as_long_as_was_asked(site: Site) -> None:
    session_id = await site.a_session()
    lease = await site.a_claimed_run(session_id)
    result = await complete(site, lease, "given_back", delay=timedelta(seconds=20))
    assert (type_of(result.state), result.state.name) == ("SCHEDULED", "Interrupted")
    assert await claimed(site, session_id) == []
    site.inside.clock.forward(timedelta(seconds=20))
    again = await claim_again(site, session_id)
    assert (again.run, again.attempt, again.reason) == (
        lease.run, 1, lease_pb2.LEASE_REASON_RUN,
    )  # fmt: skip


async def test_an_attempt_that_was_given_back_goes_on_under_its_own_number(site: Site) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    await site.move(lease, "RUNNING")
    await complete(site, lease, "given_back")
    again = await claim_again(site)
    assert (again.reason, again.attempt) == (lease_pb2.LEASE_REASON_RESUME, 1)
    await site.move(again, "RUNNING")
    run = await site.run(lease.run.flow_run_id)
    assert (run.attempt, cause_of(run)) == (1, "RESUME")
    history = await site.history(lease.run.flow_run_id)
    attempts = [(type_of(it.state), it.attempt) for it in history]
    assert attempts == [
        ("SCHEDULED", 0), ("PENDING", 0), ("RUNNING", 1),
        ("SCHEDULED", 1), ("PENDING", 1), ("RUNNING", 1),
    ]  # fmt: skip


async def test_a_hand_out_that_nobody_took_still_says_how_far_the_run_was(
    site: Site,
) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    await site.move(lease, "RUNNING")
    await complete(site, lease, "given_back")
    await claim_again(site)
    await site.pass_time(seconds=6)
    again = await claim_again(site)
    assert (again.reason, again.attempt) == (lease_pb2.LEASE_REASON_RESUME, 1)


async def test_a_retry_that_was_given_back_is_a_retry(site: Site) -> None:
    policy = a_retry_policy(2)
    lease = await site.a_claimed_run(await site.a_session(), retry_policy=policy)
    await site.move(lease, "RUNNING")
    await site.move(lease, "FAILED")
    await complete(site, lease, "given_back")
    again = await claim_again(site)
    assert (again.reason, again.attempt) == (lease_pb2.LEASE_REASON_RETRY, 2)
    await site.move(again, "RUNNING")
    assert cause_of(await site.run(lease.run.flow_run_id)) == "RETRY"


@pytest.mark.parametrize("begun", [False, True])
async def test_a_scripts_run_that_is_given_back_crashes(site: Site, begun: bool) -> None:
    lease = await (site.a_running_run() if begun else site.an_owned_run())
    result = await complete(site, lease, "given_back", message="drained")
    assert (type_of(result.state), result.state.message) == ("CRASHED", "drained")
    assert await site.state(lease.run.flow_run_id) == "CRASHED"


@pytest.mark.parametrize("repeated", ["ended", "cancelled", "given_back"])
@pytest.mark.parametrize("first", ["ended", "cancelled", "given_back"])
async def test_a_lease_is_completed_once(site: Site, first: str, repeated: str) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    await site.move(lease, "RUNNING")
    result = await complete(site, lease, first)
    before = await site.run(lease.run.flow_run_id)
    assert await complete(site, lease, repeated) == result
    assert await site.run(lease.run.flow_run_id) == before


async def test_a_completed_lease_is_remembered_though_the_run_has_another_owner(
    site: Site,
) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    result = await complete(site, lease, "given_back")
    again = await claim_again(site)
    assert await complete(site, lease, "given_back") == result
    assert not result.lost
    await complete(site, again, "ended")
    assert await complete(site, lease, "ended") == result


async def test_a_completed_lease_is_remembered_for_a_day(site: Site) -> None:
    lease = await site.a_claimed_run(await site.a_session())
    result = await complete(site, lease, "given_back")
    site.inside.clock.forward(timedelta(hours=23))
    await site.inside.tick("state.retention")
    assert await complete(site, lease, "given_back") == result
    site.inside.clock.forward(timedelta(hours=2))
    await site.inside.tick("state.retention")
    assert (await complete(site, lease, "given_back")).lost


async def test_a_stale_outcome_changes_nothing(site: Site) -> None:
    lease = await site.a_running_run()
    before = await site.run(lease.run.flow_run_id)
    result = await complete(site, stale(lease))
    assert (result.lost, result.HasField("state")) == (True, False)
    assert await site.run(lease.run.flow_run_id) == before


async def test_outcomes_stand_each_on_its_own(site: Site) -> None:
    good, lost = await site.a_running_run(), await site.a_running_run()
    request = an_ending(good.lease_ref)
    request.outcomes.append(an_ending(stale(lost).lease_ref).outcomes[0])
    request.outcomes.append(request.outcomes[0])
    results = (await site.leases.Complete(request)).results
    assert [it.lost for it in results] == [False, True, False]


async def test_as_many_as_may_be_completed_at_once_are_answered(site: Site) -> None:
    request = pb.CompleteRequest(namespace=NAMESPACE)
    why = "\u20ac" * 5_000
    for _ in range(5):
        lease = await site.a_running_run()
        await site.leases.Complete(an_ending(lease.lease_ref, message=why))
        request.outcomes.extend(an_ending(lease.lease_ref).outcomes[0] for _ in range(50))
    results = (await site.leases.Complete(request)).results
    assert [type_of(it.state) for it in results] == ["CRASHED"] * 250
    assert all(why.startswith(it.state.message[:-1]) for it in results)
    assert (await complete(site, lease)).state.message == why


async def test_a_check_tells_who_holds_the_lease(site: Site) -> None:
    lease = await site.a_running_run()
    answer = await site.leases.CheckLease(a_check(lease))
    assert answer.session_id == lease.session_id
    with pytest.raises(LeaseLost), named_errors():
        await site.leases.CheckLease(a_check(stale(lease)))
    await site.move(lease, "COMPLETED")
    with pytest.raises(LeaseLost), named_errors():
        await site.leases.CheckLease(a_check(lease))
    lease.run.flow_run_id = fresh()
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.leases.CheckLease(a_check(lease))


async def test_task_runs_have_no_leases_yet(site: Site) -> None:
    request = a_check(await site.a_running_run())
    request.run.task_run_id = fresh()
    with pytest.raises(NotSupportedYet) as refused, named_errors():
        await site.leases.CheckLease(request)
    assert refused.value.metadata["field"] == "run.task_run_id"


async def test_bad_requests_are_refused(site: Site) -> None:
    for call, request in (
        (site.leases.Claim, a_claim(fresh(), limit=0)),
        (site.leases.Renew, a_renewal("mine")),
        (site.leases.Complete, pb.CompleteRequest(namespace=NAMESPACE)),
        (site.leases.CheckLease, pb.CheckLeaseRequest(namespace=NAMESPACE)),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await call(request)
