from datetime import timedelta

import pytest
from penstock.api.type.v1.lease_ref_pb2 import LeaseRef

from builders import NAMESPACE, NOON
from contract.state.requests import (
    POOL,
    a_claim_for,
    a_creation,
    a_filter,
    a_move,
    fresh,
    later,
    stale,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import flow_run_pb2, state_pb2
from penstock.api.state.v1 import flow_run_service_pb2 as pb
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
OLDEST_FIRST = flow_run_pb2.FLOW_RUN_ORDER_CREATE_TIME_ASC


def history_of(flow_run_id: str) -> pb.ListFlowRunTransitionsRequest:
    return pb.ListFlowRunTransitionsRequest(namespace=NAMESPACE, flow_run_id=flow_run_id)


async def test_a_new_run_waits_to_be_handed_out(site: Site) -> None:
    run = await site.a_run(tags=["wet"])
    assert (type_of(run.state), run.revision, run.fence, run.attempt) == ("SCHEDULED", 1, 0, 0)
    assert run.state.scheduled_time.ToDatetime() == NOON.replace(tzinfo=None)
    assert (run.work_pool, list(run.tags), run.root_flow_run_id) == (POOL, ["wet"], run.id)
    assert run.name.count("-") == 1
    assert await site.run(run.id) == run


async def test_a_script_owns_its_run_from_the_first_moment(site: Site) -> None:
    session_id = fresh()
    reply = await site.flow_runs.CreateFlowRun(
        a_creation(claim=a_claim_for(session_id), traceparent="00-ab-cd-01")
    )
    run, lease = reply.flow_run, reply.lease
    assert (type_of(run.state), run.fence, run.session_id) == ("PENDING", 1, session_id)
    assert (lease.ref.fence, lease.flow_run_id, lease.attempt) == (1, run.id, 1)
    assert lease.traceparent == "00-ab-cd-01"
    assert reply.ttl.ToTimedelta() == timedelta(seconds=15)
    assert reply.renew_interval.ToTimedelta() == timedelta(seconds=5)


async def test_a_run_goes_from_pending_to_its_result(site: Site) -> None:
    lease, result_id = await site.an_owned_run(), fresh()
    running = (await site.move(lease, "RUNNING")).accepted.flow_run
    assert (running.attempt, running.attempt_cause) == (1, state_pb2.ATTEMPT_CAUSE_FIRST)
    done = (await site.move(lease, "COMPLETED", result_id=result_id)).accepted.flow_run
    assert (type_of(done.state), done.result_id, done.revision) == ("COMPLETED", result_id, 3)
    assert done.HasField("end_time")


async def test_the_history_of_a_run_has_no_gap(site: Site) -> None:
    lease = await site.a_running_run()
    await site.cancel(lease.flow_run_id)
    await site.move(lease, "CANCELLED")
    history = (
        await site.flow_runs.ListFlowRunTransitions(history_of(lease.flow_run_id))
    ).transitions
    assert [(it.revision, type_of(it.state), it.actor, it.fence) for it in history] == [
        (1, "PENDING", "client", 0),
        (2, "RUNNING", "worker", 1),
        (3, "CANCELLING", "client", 0),
        (4, "CANCELLED", "worker", 1),
    ]


async def test_a_subflow_knows_its_parent_and_the_topmost_run(site: Site) -> None:
    top = await site.a_run()
    middle = await site.a_run(parent_flow_run_id=top.id, parent_task_run_id=fresh())
    bottom = await site.a_run(parent_flow_run_id=middle.id)
    assert (bottom.parent_flow_run_id, bottom.root_flow_run_id) == (middle.id, top.id)
    listed = await site.flow_runs.ListFlowRuns(
        pb.ListFlowRunsRequest(namespace=NAMESPACE, filter=a_filter(root_flow_run_id=top.id))
    )
    assert [run.id for run in listed.flow_runs] == [bottom.id, middle.id]


async def test_a_parent_must_exist(site: Site) -> None:
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.a_run(parent_flow_run_id=fresh())


async def test_a_request_that_comes_twice_happens_once(site: Site) -> None:
    request = a_creation()
    first = await site.flow_runs.CreateFlowRun(request)
    call = site.flow_runs.CreateFlowRun(request)
    assert await call == first
    assert ("x-replayed", "1") in tuple(await call.trailing_metadata())
    moving = a_move(first.flow_run.id, "CANCELLING")
    moved = await site.flow_runs.TransitionFlowRun(moving)
    assert await site.flow_runs.TransitionFlowRun(moving) == moved
    assert (await site.run(first.flow_run.id)).revision == 2


async def test_a_request_id_serves_one_intent(site: Site) -> None:
    request = a_creation()
    await site.flow_runs.CreateFlowRun(request)
    request.name = "autumn"
    with pytest.raises(RequestIdReused), named_errors():
        await site.flow_runs.CreateFlowRun(request)
    moving = a_move((await site.a_run()).id, "CANCELLING")
    await site.flow_runs.TransitionFlowRun(moving)
    moving.to_state.message = "another reason"
    with pytest.raises(RequestIdReused), named_errors():
        await site.flow_runs.TransitionFlowRun(moving)


async def test_an_idempotency_key_has_one_run_for_ever(site: Site) -> None:
    first = await site.a_run(idempotency_key="daily:noon")
    again = await site.a_run(idempotency_key="daily:noon", flow_name="another")
    assert again == first


async def test_a_broken_rule_is_named(site: Site) -> None:
    with pytest.raises(InvalidArgument) as caught, named_errors():
        await site.flow_runs.CreateFlowRun(a_creation(parent_flow_run_id="my parent"))
    assert "parent_flow_run_id" in str(caught.value)


async def test_an_unknown_run_is_an_error(site: Site) -> None:
    async def history(flow_run_id: str) -> None:
        await site.flow_runs.ListFlowRunTransitions(history_of(flow_run_id))

    for call in (site.run, site.cancel, history):
        with pytest.raises(FlowRunNotFound), named_errors():
            await call(fresh())


async def test_another_namespace_sees_nothing(site: Site) -> None:
    run = await site.a_run()
    request = pb.GetFlowRunRequest(namespace="away", flow_run_id=run.id)
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.flow_runs.GetFlowRun(request)
    listed = await site.flow_runs.ListFlowRuns(pb.ListFlowRunsRequest(namespace="away"))
    assert not listed.flow_runs


async def test_a_stale_lease_changes_nothing(site: Site) -> None:
    lease = await site.a_running_run()
    before = await site.run(lease.flow_run_id)
    for other in (stale(lease).ref, LeaseRef(lease_id=fresh(), fence=1)):
        with pytest.raises(LeaseLost), named_errors():
            await site.flow_runs.TransitionFlowRun(
                a_move(lease.flow_run_id, "COMPLETED", lease=other)
            )
    assert await site.run(lease.flow_run_id) == before


async def test_without_a_lease_people_may_only_cancel(site: Site) -> None:
    run = await site.a_run()
    with pytest.raises(InvalidArgument, match="lease"), named_errors():
        await site.flow_runs.TransitionFlowRun(a_move(run.id, "COMPLETED"))


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
    assert (await site.run(lease.flow_run_id)).revision == 1


async def test_what_ended_tells_its_owner_to_stop(site: Site) -> None:
    lease = await site.a_running_run()
    await site.move(lease, "COMPLETED")
    refused = (await site.move(lease, "FAILED")).rejected
    assert (type_of(refused.actual_state), refused.stop) == ("COMPLETED", True)


async def test_a_failed_run_is_tried_again_by_its_owner(site: Site) -> None:
    policy = state_pb2.RetryPolicy(max_retries=1)
    policy.retry_delays.add().FromTimedelta(timedelta(seconds=10))
    lease = await site.a_running_run(retry_policy=policy)
    refused = (await site.move(lease, "FAILED")).rejected
    assert (refused.replacement_state.name, refused.stop) == ("AwaitingRetry", False)
    early = await site.move(lease, "RUNNING")
    assert early.wait.retry_delay.ToTimedelta() == timedelta(seconds=10)
    site.inside.clock.forward(timedelta(seconds=10))
    again = (await site.move(lease, "RUNNING")).accepted.flow_run
    assert (again.attempt, again.attempt_cause) == (2, state_pb2.ATTEMPT_CAUSE_RETRY)
    assert (await site.move(lease, "FAILED")).HasField("accepted")


async def test_a_run_that_nobody_owns_is_cancelled_at_once(site: Site) -> None:
    run = await site.a_run()
    refused = (await site.cancel(run.id)).rejected
    assert type_of(refused.replacement_state) == "CANCELLED"
    assert await site.state(run.id) == "CANCELLED"


async def test_a_cancelled_run_does_not_complete(site: Site) -> None:
    lease = await site.a_running_run()
    assert (await site.cancel(lease.flow_run_id)).HasField("accepted")
    refused = (await site.move(lease, "COMPLETED")).rejected
    assert (type_of(refused.replacement_state), refused.stop) == ("CANCELLED", True)
    assert await site.state(lease.flow_run_id) == "CANCELLED"


async def test_a_cancel_that_nobody_ends_is_ended(site: Site) -> None:
    lease = await site.a_running_run()
    await site.cancel(lease.flow_run_id)
    site.inside.clock.forward(timedelta(seconds=51))
    await site.inside.tick()
    run = await site.run(lease.flow_run_id)
    assert (type_of(run.state), run.fence) == ("CANCELLED", 2)


async def test_runs_are_listed_newest_first_a_page_at_a_time(site: Site) -> None:
    runs = [(await site.a_run()).id for _ in range(5)]
    request = pb.ListFlowRunsRequest(namespace=NAMESPACE, page_size=2)
    found: list[str] = []
    while True:
        page = await site.flow_runs.ListFlowRuns(request)
        found += [run.id for run in page.flow_runs]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == runs[::-1]


async def test_runs_are_listed_oldest_first_on_request(site: Site) -> None:
    runs = [(await site.a_run()).id for _ in range(3)]
    request = pb.ListFlowRunsRequest(namespace=NAMESPACE, page_size=2, order=OLDEST_FIRST)
    first = await site.flow_runs.ListFlowRuns(request)
    request.page_token = first.next_page_token
    last = await site.flow_runs.ListFlowRuns(request)
    assert [run.id for run in (*first.flow_runs, *last.flow_runs)] == runs


async def test_a_filter_keeps_what_it_names(site: Site) -> None:
    deployment_id = fresh()
    wanted = await site.a_run(flow_name="spill", deployment_id=deployment_id)
    cancelled = await site.a_run()
    await site.cancel(cancelled.id)
    for kept, run in (
        (a_filter("CANCELLED"), cancelled),
        (a_filter(flow_name="spill"), wanted),
        (a_filter("SCHEDULED", deployment_id=deployment_id), wanted),
        (a_filter(flow_run_id=cancelled.id), cancelled),
    ):
        request = pb.ListFlowRunsRequest(namespace=NAMESPACE, filter=kept)
        listed = (await site.flow_runs.ListFlowRuns(request)).flow_runs
        assert [it.id for it in listed] == [run.id]


async def test_a_page_token_belongs_to_its_filter(site: Site) -> None:
    for _ in range(2):
        await site.a_run()
    request = pb.ListFlowRunsRequest(namespace=NAMESPACE, page_size=1)
    token = (await site.flow_runs.ListFlowRuns(request)).next_page_token
    for other in (
        pb.ListFlowRunsRequest(
            namespace=NAMESPACE, page_token=token, filter=a_filter("RUNNING")
        ),
        pb.ListFlowRunsRequest(namespace=NAMESPACE, page_token="next"),
    ):
        with pytest.raises(PageTokenInvalid), named_errors():
            await site.flow_runs.ListFlowRuns(other)


async def test_a_run_before_its_time_waits(site: Site) -> None:
    lease = await site.an_owned_run(expected_start_time=later(NOON, seconds=30))
    early = await site.move(lease, "RUNNING")
    assert early.wait.retry_delay.ToTimedelta() == timedelta(seconds=30)
