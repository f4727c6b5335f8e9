"""How runs are made, read and listed."""

from datetime import timedelta

import pytest

from builders import NAMESPACE, NOON
from contract.state.requests import (
    LAUNCH,
    NULL,
    POOL,
    QUEUE,
    TRACEPARENT,
    a_claim_for,
    a_creation,
    a_failure,
    a_filter,
    a_retry_policy,
    fresh,
    type_of,
)
from contract.state.site import Site
from penstock.api.state.v1 import flow_run_filter_pb2, worker_session_service_pb2
from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstock.api.type.v1 import actor_pb2, payload_pb2, resources_pb2, run_spec_pb2, view_pb2
from penstock.errors import (
    FlowRunNotFound,
    IdempotencyKeyReused,
    InvalidArgument,
    NotSupportedYet,
    PageTokenInvalid,
    PenstockError,
    RequestIdReused,
)
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio
OLDEST_FIRST = flow_run_filter_pb2.FLOW_RUN_ORDER_CREATE_TIME_ASC
A_WHOLE_SPEC = run_spec_pb2.RunSpec(
    flow_name="pipeline",
    flow_version="7",
    tags=["wet", "blue"],
    labels={"team": "water", "tier": ""},
    parameters={"day": NULL, "size": NULL},
    retry_policy=a_retry_policy(3, delays=(1, 2.5), jitter_factor=0.25, retry_on=["OSError"]),
    launch=LAUNCH,
    resources=resources_pb2.Resources(slots=1),
    work_pool=POOL,
    work_queue="urgent",
)


def a_list(**changes: object) -> pb.ListFlowRunsRequest:
    return pb.ListFlowRunsRequest(namespace=NAMESPACE, **changes)  # type: ignore[arg-type]


async def refused(
    site: Site, field: str, error: type[PenstockError], **changes: object
) -> None:
    with pytest.raises(error) as told, named_errors():
        await site.flow_runs.CreateFlowRun(a_creation(**changes))
    assert told.value.metadata.get("field") == field or field in str(told.value)


async def test_a_new_run_waits_to_be_handed_out(site: Site) -> None:
    run = await site.a_run(tags=["wet"])
    assert (type_of(run.state), run.revision, run.attempt) == ("SCHEDULED", 1, 0)
    assert run.state.scheduled_time.ToDatetime() == NOON.replace(tzinfo=None)
    assert (run.spec.work_pool, list(run.spec.tags), run.root_flow_run_id) == (
        POOL,
        ["wet"],
        run.id,
    )
    assert run.name.count("-") == 1
    assert run.creator == actor_pb2.Actor(kind=actor_pb2.ACTOR_KIND_USER)
    assert await site.run(run.id) == run


async def test_what_was_asked_for_comes_back_whole(site: Site) -> None:
    created = await site.flow_runs.CreateFlowRun(
        pb.CreateFlowRunRequest(request_id=fresh(), namespace=NAMESPACE, spec=A_WHOLE_SPEC)
    )
    assert (await site.run(created.flow_run.id)).spec == A_WHOLE_SPEC


async def test_answers_and_basic_views_leave_parameters_out(site: Site) -> None:
    created = await site.flow_runs.CreateFlowRun(a_creation(parameters={"day": NULL}))
    run_id = created.flow_run.id
    assert not created.flow_run.spec.parameters
    basic = (await site.flow_runs.ListFlowRuns(a_list())).flow_runs[0]
    full = (await site.flow_runs.ListFlowRuns(a_list(view=view_pb2.VIEW_FULL))).flow_runs[0]
    assert (basic.id, list(basic.spec.parameters)) == (run_id, [])
    assert full == await site.run(run_id)
    assert full.spec.parameters["day"] == NULL


async def test_only_a_full_view_tells_stack_and_data_of_a_failure(site: Site) -> None:
    lease = await site.a_running_run()
    failure = a_failure(stack="line 1", data=NULL, inputs={"day": "3"})
    failure.causes.add(error_type="OSError", message="leak", stack="line 2")
    await site.move(lease, "FAILED", failure=failure)
    assert (await site.run(lease.run.flow_run_id)).failure == failure
    full = (await site.flow_runs.ListFlowRuns(a_list(view=view_pb2.VIEW_FULL))).flow_runs[0]
    assert full.failure == failure
    basic = (await site.flow_runs.ListFlowRuns(a_list())).flow_runs[0].failure
    assert (basic.error_type, basic.message, dict(basic.inputs)) == (
        "builtins.ValueError",
        "dry",
        {"day": "3"},
    )
    assert (basic.stack, basic.HasField("data"), basic.causes[0].stack) == ("", False, "")
    assert basic.causes[0].message == "leak"


async def test_a_run_in_a_pool_without_a_queue_goes_to_the_default_one(site: Site) -> None:
    run = await site.a_run(work_queue="")
    assert run.spec.work_queue == QUEUE
    session = await site.a_session()
    lease = await site.a_claimed_run(session, work_queue="")
    assert lease.run.flow_run_id == run.id


async def test_a_script_owns_its_run_from_the_first_moment(site: Site) -> None:
    session_id = fresh()
    reply = await site.flow_runs.CreateFlowRun(
        a_creation(claim=a_claim_for(session_id), traceparent=TRACEPARENT)
    )
    run, lease = reply.flow_run, reply.lease
    assert (type_of(run.state), run.session_id) == ("PENDING", session_id)
    assert (lease.lease_ref.fence, lease.run.flow_run_id, lease.attempt) == (1, run.id, 1)
    assert lease.traceparent == TRACEPARENT
    assert reply.ttl.ToTimedelta() == timedelta(seconds=15)
    assert reply.renew_interval.ToTimedelta() == timedelta(seconds=5)


async def test_an_embedded_session_is_for_who_shares_the_store(site: Site, place: str) -> None:
    creation = a_creation(claim=a_claim_for(fresh(), "EMBEDDED"))
    if place.startswith("local"):
        assert (await site.flow_runs.CreateFlowRun(creation)).created
        return
    with pytest.raises(InvalidArgument, match=r"claim\.kind"), named_errors():
        await site.flow_runs.CreateFlowRun(creation)


async def test_a_subflow_knows_its_parent_the_topmost_run_and_who_made_it(site: Site) -> None:
    top = await site.a_run()
    middle = await site.a_run(parent_flow_run_id=top.id, parent_task_run_id=fresh())
    session_id = fresh()
    bottom = await site.a_run(parent_flow_run_id=middle.id, claim=a_claim_for(session_id))
    assert (bottom.parent_flow_run_id, bottom.root_flow_run_id) == (middle.id, top.id)
    assert bottom.creator == actor_pb2.Actor(kind=actor_pb2.ACTOR_KIND_WORKER, id=session_id)


async def test_a_parent_must_exist(site: Site) -> None:
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.a_run(parent_flow_run_id=fresh())


async def test_a_request_that_comes_twice_happens_once(site: Site) -> None:
    request = a_creation()
    first = await site.flow_runs.CreateFlowRun(request)
    call = site.flow_runs.CreateFlowRun(request)
    assert await call == first
    assert ("x-replayed", "1") in tuple(await call.trailing_metadata())


async def test_a_request_id_serves_one_intent(site: Site) -> None:
    request = a_creation()
    await site.flow_runs.CreateFlowRun(request)
    request.name = "autumn"
    with pytest.raises(RequestIdReused), named_errors():
        await site.flow_runs.CreateFlowRun(request)


async def test_an_idempotency_key_has_one_run_for_ever(site: Site) -> None:
    first = await site.flow_runs.CreateFlowRun(a_creation(idempotency_key="daily:noon"))
    again = await site.flow_runs.CreateFlowRun(a_creation(idempotency_key="daily:noon"))
    assert (first.created, again.created) == (True, False)
    assert again.flow_run == first.flow_run


async def test_an_idempotency_key_of_another_flow_is_refused(site: Site) -> None:
    first = await site.a_run(idempotency_key="daily:noon")
    with pytest.raises(IdempotencyKeyReused) as told, named_errors():
        await site.a_run(idempotency_key="daily:noon", flow_name="another")
    assert told.value.metadata["flow_run_id"] == first.id


async def test_a_broken_rule_is_named(site: Site) -> None:
    await refused(site, "parent_flow_run_id", InvalidArgument, parent_flow_run_id="my parent")


async def test_a_lane_wants_a_pool_and_a_pool_something_to_start(site: Site) -> None:
    await refused(site, "spec.work_queue", InvalidArgument, work_queue="urgent")
    nothing = {"launch": None, "work_pool": POOL}
    await refused(site, "spec.launch", InvalidArgument, **nothing)


async def test_parameters_are_bounded_on_the_whole(site: Site) -> None:
    large = payload_pb2.Payload(content_type="application/json", inline=b" " * 65_536)
    eight = {f"p{number}": large for number in range(8)}
    assert await site.a_run(parameters=eight)
    more = {**eight, "one": NULL}
    await refused(site, "spec.parameters", InvalidArgument, parameters=more)


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("spec.name_template", {"name_template": "import-{day}"}),
        ("spec.timeout", {"timeout": timedelta(seconds=3)}),
        ("spec.priority", {"priority": -1}),
        ("spec.resources.slots", {"resources": {"slots": 2}}),
        ("spec.resources.cpu_milli", {"resources": {"cpu_milli": 1}}),
        ("spec.resources.mem_bytes", {"resources": {"mem_bytes": 1}}),
        ("spec.resources.gpu", {"resources": {"gpu": 1}}),
    ],
)
async def test_what_is_declared_and_not_done_yet_is_refused(
    site: Site, field: str, asked: dict[str, object]
) -> None:
    with pytest.raises(NotSupportedYet) as told, named_errors():
        await site.flow_runs.CreateFlowRun(a_creation(**asked))
    assert told.value.metadata["field"] == field


async def test_an_unknown_run_is_an_error(site: Site) -> None:
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.run(fresh())


async def test_another_namespace_sees_nothing(site: Site) -> None:
    run = await site.a_run()
    request = pb.GetFlowRunRequest(namespace="away", flow_run_id=run.id)
    with pytest.raises(FlowRunNotFound), named_errors():
        await site.flow_runs.GetFlowRun(request)
    listed = await site.flow_runs.ListFlowRuns(pb.ListFlowRunsRequest(namespace="away"))
    assert not listed.flow_runs


async def test_runs_are_listed_newest_first_a_page_at_a_time(site: Site) -> None:
    runs = [(await site.a_run()).id for _ in range(5)]
    request = a_list(page_size=2)
    found: list[str] = []
    while True:
        page = await site.flow_runs.ListFlowRuns(request)
        found += [run.id for run in page.flow_runs]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == runs[::-1]


async def test_runs_are_listed_oldest_first_on_request(site: Site) -> None:
    runs = [(await site.a_run(tags=["wet"])).id for _ in range(3)]
    for wanted in (a_filter(), a_filter(tags={"all": ["wet"]})):
        request = a_list(page_size=2, order=OLDEST_FIRST, filter=wanted)
        first = await site.flow_runs.ListFlowRuns(request)
        request.page_token = first.next_page_token
        last = await site.flow_runs.ListFlowRuns(request)
        assert [run.id for run in (*first.flow_runs, *last.flow_runs)] == runs


async def test_a_page_token_belongs_to_its_filter(site: Site) -> None:
    for _ in range(2):
        await site.a_run()
    token = (await site.flow_runs.ListFlowRuns(a_list(page_size=1))).next_page_token
    for other in (
        a_list(page_token=token, filter=a_filter("RUNNING")),
        a_list(page_token="next"),
    ):
        with pytest.raises(PageTokenInvalid), named_errors():
            await site.flow_runs.ListFlowRuns(other)


async def test_a_claim_opens_its_session_as_one_kind(site: Site) -> None:
    session_id = await site.a_session()
    with pytest.raises(PenstockError) as told, named_errors():
        await site.a_run(claim=a_claim_for(session_id, "SCRIPT"))
    assert told.value.reason == "ID_TAKEN"
    closing = worker_session_service_pb2.CloseWorkerSessionRequest(
        namespace=NAMESPACE, session_id=session_id
    )
    await site.sessions.CloseWorkerSession(closing)
    with pytest.raises(PenstockError) as told, named_errors():
        await site.a_run(claim=a_claim_for(session_id, "EXECUTOR"))
    assert told.value.reason == "WORKER_SESSION_CLOSED"


@pytest.mark.parametrize("text", ["x", "a" * 200, "\x1b[31m", "00-ab-cd-01", "a\0b"])
async def test_a_trace_that_is_none_is_dropped(site: Site, text: str) -> None:
    run = await site.a_run(traceparent=text)
    assert run.traceparent == ""


async def test_a_trace_may_come_in_the_metadata(site: Site) -> None:
    for text, kept in ((TRACEPARENT, TRACEPARENT), ("a" * 3_000, "")):
        created = await site.flow_runs.CreateFlowRun(
            a_creation(), metadata=(("traceparent", text),)
        )
        assert created.flow_run.traceparent == kept
