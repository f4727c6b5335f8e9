"""How an owner moves its run, and the history that it leaves."""

from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE, NOON
from contract.state.requests import (
    a_claim,
    a_claim_for,
    a_creation,
    a_failure,
    a_move,
    a_retry_policy,
    an_ending,
    cause_of,
    fresh,
    later,
    stale,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import state_pb2
from penstock.api.state.v1 import transition_service_pb2 as pb
from penstock.api.state.v1.flow_run_filter_pb2 import FlowRunFilter
from penstock.api.state.v1.flow_run_service_pb2 import ListFlowRunsRequest
from penstock.api.type.v1 import actor_pb2
from penstock.api.type.v1.lease_pb2 import Lease, LeaseRef
from penstock.errors import (
    FlowRunNotFound,
    InvalidArgument,
    LeaseLost,
    PageTokenInvalid,
    RequestIdReused,
    RevisionConflict,
)
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio
USER, WORKER, SERVICE = (
    actor_pb2.ACTOR_KIND_USER,
    actor_pb2.ACTOR_KIND_WORKER,
    actor_pb2.ACTOR_KIND_SERVICE,
)


def a_history(flow_run_id: str, **changes: Any) -> pb.ListFlowRunTransitionsRequest:
    return pb.ListFlowRunTransitionsRequest(
        namespace=NAMESPACE, flow_run_id=flow_run_id, **changes
    )


def run_of(lease: Lease) -> str:
    return lease.run.flow_run_id


async def test_a_run_goes_from_pending_to_its_result(site: Site) -> None:
    lease, result_id = await site.an_owned_run(), fresh()
    running = (await site.move(lease, "RUNNING")).accepted.flow_run
    assert (running.attempt, cause_of(running)) == (1, "FIRST")
    done = (await site.move(lease, "COMPLETED", result_id=result_id)).accepted.flow_run
    assert (type_of(done.state), done.result_id, done.revision) == ("COMPLETED", result_id, 3)
    assert done.HasField("end_time")


async def test_a_request_that_comes_twice_moves_once(site: Site) -> None:
    lease = await site.an_owned_run()
    moving = a_move(run_of(lease), "RUNNING", lease=lease.lease_ref)
    first = await site.transitions.TransitionFlowRun(moving)
    call = site.transitions.TransitionFlowRun(moving)
    assert await call == first
    assert ("x-replayed", "1") in tuple(await call.trailing_metadata())
    moving.to_state.message = "another reason"
    with pytest.raises(RequestIdReused), named_errors():
        await site.transitions.TransitionFlowRun(moving)


async def test_a_lease_is_shown_always(site: Site) -> None:
    run = await site.a_run()
    with pytest.raises(InvalidArgument, match="lease"), named_errors():
        await site.transitions.TransitionFlowRun(a_move(run.id, "CANCELLING"))


async def test_a_stale_lease_changes_nothing(site: Site) -> None:
    lease = await site.a_running_run()
    before = await site.run(run_of(lease))
    for other in (stale(lease).lease_ref, LeaseRef(lease_id=fresh(), fence=1)):
        with pytest.raises(LeaseLost), named_errors():
            await site.transitions.TransitionFlowRun(
                a_move(run_of(lease), "COMPLETED", lease=other)
            )
    assert await site.run(run_of(lease)) == before


async def test_an_unknown_run_is_an_error(site: Site) -> None:
    lease = LeaseRef(lease_id=fresh(), fence=1)
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.transitions.TransitionFlowRun(a_move(fresh(), "RUNNING", lease=lease))
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.history(fresh())


async def test_the_owner_names_a_run_that_nobody_has_named(site: Site) -> None:
    nameless, named = await site.an_owned_run(), await site.an_owned_run(name="mine")
    begun = [
        await site.move(it, "RUNNING", flow_run_name="by its day") for it in (nameless, named)
    ]
    assert [it.accepted.flow_run.name for it in begun] == ["by its day", "mine"]
    found = await site.flow_runs.ListFlowRuns(
        ListFlowRunsRequest(
            namespace=NAMESPACE, filter=FlowRunFilter(name_contains="BY ITS DAY")
        )
    )
    assert [it.id for it in found.flow_runs] == [run_of(nameless)]


async def test_an_old_decision_loses(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(RevisionConflict), named_errors():
        await site.move(lease, "COMPLETED", expected_revision=1)
    assert (await site.move(lease, "COMPLETED", expected_revision=2)).HasField("accepted")


async def test_an_illegal_proposal_is_refused_and_the_run_stays(site: Site) -> None:
    lease = await site.an_owned_run()
    refused = (await site.move(lease, "COMPLETED")).rejected
    assert type_of(refused.actual_state) == "PENDING"
    assert not refused.HasField("replacement_state")
    assert (await site.run(run_of(lease))).revision == 1


async def test_what_ended_tells_its_owner_to_stop(site: Site) -> None:
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    refused = (await site.move(lease, "FAILED")).rejected
    assert (type_of(refused.actual_state), refused.stop) == ("COMPLETED", True)


async def test_a_run_before_its_time_waits(site: Site) -> None:
    lease = await site.an_owned_run(expected_start_time=later(NOON, seconds=30))
    early = await site.move(lease, "RUNNING")
    assert early.wait.retry_delay.ToTimedelta() == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("field", "to", "outcome"),
    [
        ("result_id", "FAILED", {"result_id": fresh()}),
        ("result_id", "RUNNING", {"result_id": fresh()}),
        ("failure", "COMPLETED", {"failure": a_failure()}),
        ("flow_run_name", "COMPLETED", {"flow_run_name": "late"}),
        ("failure", "CANCELLED", {"failure": a_failure()}),
    ],
)
async def test_an_outcome_that_does_not_go_with_the_state_is_refused_and_not_dropped(
    site: Site, field: str, to: str, outcome: dict[str, Any]
) -> None:
    lease = await site.a_running_run()
    with pytest.raises(InvalidArgument) as told, named_errors():
        await site.move(lease, to, **outcome)
    assert [it.field for it in told.value.violations] == [field]
    assert await site.state(run_of(lease)) == "RUNNING"


async def test_a_result_id_is_a_uuid_that_sorts_by_time(site: Site, place: str) -> None:
    if place.startswith("local"):
        lease = await site.a_running_run()
        with pytest.raises(InvalidArgument, match="result_id"), named_errors():
            await site.move(lease, "COMPLETED", result_id="mine")
        return
    lease = await site.a_running_run()
    fourth = "9b2b1f5e-3a60-4a7e-9d0b-5f3f1f0e7c11"
    with pytest.raises(InvalidArgument, match="result_id"), named_errors():
        await site.move(lease, "COMPLETED", result_id=fourth)


async def test_a_failed_run_is_tried_again_by_its_owner(site: Site) -> None:
    policy = a_retry_policy(1, delays=(10,))
    lease = await site.a_running_run(retry_policy=policy)
    refused = (await site.move(lease, "FAILED", failure=a_failure())).rejected
    assert (refused.replacement_state.name, refused.stop) == ("AwaitingRetry", False)
    assert refused.retry_delay.ToTimedelta() == timedelta(seconds=10)
    waiting = await site.run(run_of(lease))
    assert (waiting.failure.error_type, waiting.attempt) == ("builtins.ValueError", 1)
    early = await site.move(lease, "RUNNING")
    assert early.wait.retry_delay.ToTimedelta() == timedelta(seconds=10)
    site.inside.clock.forward(timedelta(seconds=10))
    again = (await site.move(lease, "RUNNING")).accepted.flow_run
    assert (again.attempt, cause_of(again)) == (2, "RETRY")
    assert not again.HasField("failure")
    failed = (await site.move(lease, "FAILED", failure=a_failure())).accepted.flow_run
    assert failed.failure.message == "dry"


@pytest.mark.parametrize(
    ("policy", "failure", "delay"),
    [
        ({}, a_failure(do_not_retry=True), None),
        ({}, a_failure(retry_after=3), 3),
        ({"no_retry_on": ["ValueError"]}, a_failure(), None),
        ({"retry_on": ["OSError"]}, a_failure(), None),
        ({"retry_on": ["builtins.ValueError"]}, a_failure(), 10),
    ],
)
async def test_who_failed_and_the_policy_decide_about_the_retry(
    site: Site, policy: dict[str, Any], failure: Any, delay: float | None
) -> None:
    lease = await site.a_running_run(retry_policy=a_retry_policy(1, delays=(10,), **policy))
    verdict = await site.move(lease, "FAILED", failure=failure)
    if delay is None:
        assert type_of(verdict.accepted.flow_run.state) == "FAILED"
    else:
        assert verdict.rejected.retry_delay.ToTimedelta() == timedelta(seconds=delay)


async def test_a_retry_delay_jitters_upwards(site: Site) -> None:
    policy = a_retry_policy(1, delays=(10,), jitter_factor=0.5)
    lease = await site.a_running_run(retry_policy=policy)
    delay = (await site.move(lease, "FAILED")).rejected.retry_delay.ToTimedelta()
    assert timedelta(seconds=10) <= delay <= timedelta(seconds=15)


async def test_a_scripts_run_cannot_wait_for_another_owner(site: Site) -> None:
    lease = await site.a_running_run()
    refused = (await site.move(lease, "SCHEDULED")).rejected
    assert (type_of(refused.replacement_state), refused.stop) == ("CRASHED", True)


async def test_a_run_that_was_handed_back_in_mid_work_resumes_its_attempt(site: Site) -> None:
    session = await site.a_session()
    lease = await site.a_claimed_run(session)
    await site.move(lease, "RUNNING")
    await site.leases.Complete(an_ending(lease.lease_ref, "given_back"))
    again = (await site.leases.Claim(a_claim(session))).claimed[0].lease
    assert again.lease_ref.fence > lease.lease_ref.fence
    running = (await site.move(again, "RUNNING")).accepted.flow_run
    assert (running.attempt, cause_of(running)) == (1, "RESUME")


async def test_a_run_that_was_handed_back_before_its_retry_is_retried(site: Site) -> None:
    session = await site.a_session()
    lease = await site.a_claimed_run(session, retry_policy=a_retry_policy(1))
    await site.move(lease, "RUNNING")
    await site.move(lease, "FAILED", failure=a_failure())
    await site.leases.Complete(an_ending(lease.lease_ref, "given_back"))
    again = (await site.leases.Claim(a_claim(session))).claimed[0].lease
    running = (await site.move(again, "RUNNING")).accepted.flow_run
    assert (running.attempt, cause_of(running)) == (2, "RETRY")


async def test_the_history_says_who_moved_the_run_and_with_which_fence(site: Site) -> None:
    session_id = fresh()
    created = await site.flow_runs.CreateFlowRun(a_creation(claim=a_claim_for(session_id)))
    lease = created.lease
    await site.move(lease, "RUNNING")
    await site.cancel(run_of(lease))
    await site.move(lease, "CANCELLED")
    history = await site.history(run_of(lease))
    assert [(it.revision, type_of(it.state), it.actor.kind, it.fence) for it in history] == [
        (1, "PENDING", USER, 0),
        (2, "RUNNING", WORKER, 1),
        (3, "CANCELLING", USER, 0),
        (4, "CANCELLED", WORKER, 1),
    ]
    assert [it.actor.id for it in history] == ["", session_id, "", session_id]


async def test_the_history_tells_attempts_their_causes_and_failures(site: Site) -> None:
    session = await site.a_session()
    lease = await site.a_claimed_run(session, retry_policy=a_retry_policy(1))
    await site.move(lease, "RUNNING")
    await site.leases.Complete(an_ending(lease.lease_ref, "given_back"))
    lease = (await site.leases.Claim(a_claim(session))).claimed[0].lease
    await site.move(lease, "RUNNING")
    await site.move(lease, "FAILED", failure=a_failure(stack="line 1"))
    await site.move(lease, "RUNNING")
    await site.move(lease, "COMPLETED")
    history = await site.history(run_of(lease))
    told = [(type_of(it.state), it.attempt, cause_of(it)) for it in history]
    assert told == [
        ("SCHEDULED", 0, "UNSPECIFIED"),
        ("PENDING", 0, "UNSPECIFIED"),
        ("RUNNING", 1, "FIRST"),
        ("SCHEDULED", 1, "FIRST"),
        ("PENDING", 1, "FIRST"),
        ("RUNNING", 1, "RESUME"),
        ("SCHEDULED", 1, "RESUME"),
        ("RUNNING", 2, "RETRY"),
        ("COMPLETED", 2, "RETRY"),
    ]
    assert [it.revision for it in history if it.HasField("failure")] == [7]
    assert (history[6].failure.message, history[6].failure.stack) == ("dry", "")
    assert (history[6].actor.kind, history[6].actor.id) == (SERVICE, "state")
    assert [it.fence for it in history] == [0, 0, 1, 1, 0, 3, 0, 3, 3]


async def test_a_history_comes_a_page_at_a_time_oldest_first(site: Site) -> None:
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    request = a_history(run_of(lease), page_size=2)
    first = await site.transitions.ListFlowRunTransitions(request)
    request.page_token = first.next_page_token
    last = await site.transitions.ListFlowRunTransitions(request)
    assert [it.revision for it in (*first.transitions, *last.transitions)] == [1, 2, 3]
    assert not last.next_page_token
    request.flow_run_id = fresh()
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.transitions.ListFlowRunTransitions(request)


async def test_a_state_is_named_by_its_type_unless_it_has_a_name(site: Site) -> None:
    lease = await site.an_owned_run()
    named = state_pb2.State(state_type=state_pb2.STATE_TYPE_RUNNING, name="Warming up")
    moving = a_move(run_of(lease), "RUNNING", lease=lease.lease_ref)
    moving.to_state.CopyFrom(named)
    await site.transitions.TransitionFlowRun(moving)
    await site.move(lease, "COMPLETED")
    names = [it.state.name for it in await site.history(run_of(lease))]
    assert names == ["Pending", "Warming up", "Completed"]
