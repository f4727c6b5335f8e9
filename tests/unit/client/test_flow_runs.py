"""What is asked about flow runs, and what the answers become."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstock.api.state.v1.flow_run_filter_pb2 import FlowRunGroup
from penstock.api.state.v1.flow_run_pb2 import FlowRun
from penstock.api.state.v1.state_pb2 import State as WireState
from penstock.api.state.v1.state_pb2 import StateType
from penstock.api.state.v1.worker_session_pb2 import SessionKind
from penstock.api.type.v1.lease_pb2 import Lease, LeaseRef
from penstock.api.type.v1.run_spec_pb2 import RunSpec as WireRunSpec
from penstock.api.type.v1.view_pb2 import VIEW_BASIC, VIEW_FULL
from penstock.client.flow_runs import FlowRuns, Glimpse, NewRun
from penstock.client.selection import Selection
from penstock.client.wire.failures import failure_message
from penstock.client.wire.run_specs import RunSpec
from penstock.errors import Unavailable
from penstock.failures.failure import failure_of
from penstock.ground.ids import new_id
from unit.client.channels import SESSION, Answering, connection_over, in_one

T = TypeVar("T")

RUN = new_id()
RUNNING, COMPLETED, FAILED = (
    WireState(state_type=kind)
    for kind in (
        StateType.STATE_TYPE_RUNNING,
        StateType.STATE_TYPE_COMPLETED,
        StateType.STATE_TYPE_FAILED,
    )
)


def runs_over(service: Answering) -> FlowRuns:
    return connection_over(service).part(FlowRuns)


async def everything(stream: AsyncIterator[T]) -> list[T]:
    return [each async for each in stream]


def test_a_run_is_created_owned_by_the_session_of_this_process() -> None:
    reply = pb.CreateFlowRunResponse(
        flow_run=FlowRun(id=RUN, name="calm-brook", root_flow_run_id=RUN),
        lease=Lease(lease_ref=LeaseRef(lease_id="lease", fence=3)),
        renew_interval=Duration(seconds=4),
    )
    service = Answering(CreateFlowRun=lambda _request: reply)
    spec = RunSpec(
        flow_name="pump",
        flow_version="1",
        tags=("a",),
        parameters={},
        max_retries=2,
        retry_delays=(0.5,),
    )
    claimed = asyncio.run(runs_over(service).create(NewRun(spec=spec, name="x" * 300)))
    [request] = service.asked
    assert (request.claim.session_id, request.claim.kind) == (
        str(SESSION),
        SessionKind.SESSION_KIND_EMBEDDED,
    )
    assert (request.spec.flow_name, len(request.name)) == ("pump", 255)
    assert (claimed.owned.flow_run_id, claimed.owned.lease) == (RUN, ("lease", 3))
    assert (claimed.name, claimed.renew_interval) == ("calm-brook", 4.0)


def test_the_origin_of_a_run_is_what_was_said_when_it_was_made() -> None:
    due = datetime(2026, 5, 1, tzinfo=UTC)
    run = FlowRun(spec=WireRunSpec(flow_version="1", tags=["a"]), root_flow_run_id=RUN)
    service = Answering(GetFlowRun=lambda _request: pb.GetFlowRunResponse(flow_run=run))
    runs = runs_over(service)
    origin = asyncio.run(runs.origin(RUN))
    assert (origin.flow_version, origin.tags, origin.due) == ("1", ("a",), None)
    stamp = Timestamp()
    stamp.FromDatetime(due)
    run.expected_start_time.CopyFrom(stamp)
    assert asyncio.run(runs.origin(RUN)).due == due


def test_an_outcome_brings_the_exception_itself() -> None:
    run = FlowRun(
        id=RUN, name="n", state=FAILED, failure=failure_message(failure_of(KeyError("dry")))
    )
    service = Answering(GetFlowRun=lambda _request: pb.GetFlowRunResponse(flow_run=run))
    outcome = asyncio.run(runs_over(service).outcome(RUN))
    assert (outcome.id, outcome.name, outcome.state.flow_run_id) == (RUN, "n", RUN)
    with pytest.raises(KeyError, match="dry"):
        outcome.state.result()


def test_a_list_ends_at_its_limit_and_shows_little_unless_asked() -> None:
    page = pb.ListFlowRunsResponse(
        flow_runs=[FlowRun(id=str(number)) for number in range(3)], next_page_token="more"
    )
    service = Answering(ListFlowRuns=lambda _request: page)
    runs = runs_over(service)
    selection = Selection(states=("FAILED",), flows=("pump",), tags=("a", "b"), name="x")
    found = in_one(runs.newest(selection, limit=5))
    assert [each["id"] for each in found] == ["0", "1", "2", "0", "1"]
    assert len(service.asked) == 2
    said = service.asked[0]
    assert (said.page_size, said.view) == (5, VIEW_BASIC)
    assert list(said.filter.state_types) == [StateType.STATE_TYPE_FAILED]
    assert (list(said.filter.flow_names), list(said.filter.tags.all)) == (["pump"], ["a", "b"])
    assert said.filter.name_contains == "x"
    in_one(runs.newest(Selection(), limit=3, full=True))
    assert service.asked[-1].view == VIEW_FULL


def test_runs_are_counted_by_what_is_asked() -> None:
    service = Answering(CountFlowRuns=lambda _request: pb.CountFlowRunsResponse())
    runs = runs_over(service)
    asyncio.run(runs.counts(Selection(), ["FLOW", "TIME_BUCKET"], bucket=timedelta(hours=1)))
    asyncio.run(runs.counts(Selection(), [], bucket=None))
    by_hour, at_all = service.asked
    assert list(by_hour.group_by) == [
        FlowRunGroup.FLOW_RUN_GROUP_FLOW,
        FlowRunGroup.FLOW_RUN_GROUP_TIME_BUCKET,
    ]
    assert by_hour.bucket.seconds == 3_600
    assert not at_all.HasField("bucket")


def test_a_watch_of_one_run_says_where_to_go_on() -> None:
    replies = [
        pb.WatchFlowRunsResponse(cursor="1.1", changes=[FlowRun(id=RUN, state=RUNNING)]),
        pb.WatchFlowRunsResponse(cursor="1.2"),
        pb.WatchFlowRunsResponse(cursor="1.3", changes=[FlowRun(id=RUN, state=COMPLETED)]),
    ]
    service = Answering(WatchFlowRuns=lambda _request: replies)
    runs = runs_over(service)
    batches = asyncio.run(everything(runs.changes(RUN, "1.0", full=True)))
    assert [(it.cursor, len(it.changes)) for it in batches] == [
        ("1.1", 1),
        ("1.2", 0),
        ("1.3", 1),
    ]
    [request] = service.asked
    assert (request.cursor, list(request.filter.flow_run_ids)) == ("1.0", [RUN])
    assert request.view == VIEW_FULL
    glimpses = asyncio.run(everything(runs.glimpses(RUN, "1.0")))
    assert glimpses == [Glimpse("1.1", False), Glimpse("1.2", False), Glimpse("1.3", True)]


def test_the_next_run_of_a_session_is_told_from_others() -> None:
    replies = [
        pb.WatchFlowRunsResponse(),
        pb.WatchFlowRunsResponse(changes=[FlowRun(id="other", session_id="another")]),
        pb.WatchFlowRunsResponse(changes=[FlowRun(id=RUN, session_id=str(SESSION))]),
    ]
    service = Answering(WatchFlowRuns=lambda _request: replies)
    ready: list[Any] = []

    async def find(session: str) -> str:
        return await runs_over(service).next_of_session(session, lambda: ready.append(1))

    assert asyncio.run(find(str(SESSION))) == RUN
    assert ready
    with pytest.raises(Unavailable, match="the watch of flow runs ended"):
        asyncio.run(find("nobody"))
