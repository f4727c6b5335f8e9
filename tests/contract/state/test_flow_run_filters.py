"""Filters and counts as callers ask for them; the conformance suite holds them to the rule."""

from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE, NOON
from contract.state.requests import (
    POOL,
    QUEUE,
    a_filter,
    a_span,
    fresh,
    later,
    type_number,
)
from contract.state.site import Site
from penstock.api.state.v1 import flow_run_filter_pb2
from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstock.errors import InvalidArgument
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio


async def listed(site: Site, **wanted: Any) -> list[str]:
    kept = a_filter(*wanted.pop("types", ()), **wanted)
    answer = await site.flow_runs.ListFlowRuns(
        pb.ListFlowRunsRequest(namespace=NAMESPACE, filter=kept)
    )
    return [run.id for run in answer.flow_runs]


def a_count(*groups: str, seconds: float = 0, **more: Any) -> pb.CountFlowRunsRequest:
    numbers = [flow_run_filter_pb2.FlowRunGroup.Value(f"FLOW_RUN_GROUP_{it}") for it in groups]
    request = pb.CountFlowRunsRequest(namespace=NAMESPACE, group_by=numbers, **more)
    if seconds:
        request.bucket.FromTimedelta(timedelta(seconds=seconds))
    return request


async def counts(
    site: Site, *groups: str, **more: Any
) -> list[flow_run_filter_pb2.FlowRunCount]:
    answer = await site.flow_runs.CountFlowRuns(a_count(*groups, **more))
    return list(answer.counts)


async def test_each_part_of_a_filter_keeps_what_it_names(site: Site) -> None:
    parent = await site.a_run(flow_name="parent")
    deployment_id = fresh()
    site.inside.clock.forward(timedelta(hours=1))
    wanted = await site.a_run(
        name="Quiet-River",
        flow_name="spill",
        deployment_id=deployment_id,
        parent_flow_run_id=parent.id,
        work_pool="lake",
        work_queue="urgent",
        tags=["wet", "cold"],
        labels={"team": "water"},
        expected_start_time=later(NOON, days=2),
    )
    await site.cancel(wanted.id)
    hour = later(NOON, minutes=30)
    for kept in (
        {"flow_run_ids": [wanted.id]},
        {"flow_names": ["spill", "other"]},
        {"deployment_ids": [deployment_id]},
        {"types": ["CANCELLED", "FAILED"]},
        {"state_names": ["Cancelled"]},
        {"work_pools": ["lake"]},
        {"work_queues": ["urgent"]},
        {"tags": {"all": ["wet", "cold"]}},
        {"tags": {"any": ["dry", "wet"]}},
        {"tags": {"any": ["wet"], "none": ["dry"]}},
        {"labels": {"team": "water"}},
        {"name_contains": "et-RIV"},
        {"create_time": a_span(hour)},
        {"expected_start_time": a_span(later(NOON, days=1), later(NOON, days=3))},
        {"end_time": a_span(NOON)},
        {"parent_flow_run_ids": [parent.id]},
        {"root_flow_run_ids": [parent.id]},
    ):
        assert await listed(site, **kept) == [wanted.id], kept
    for kept in (
        {"tags": {"none": ["wet"]}},
        {"create_time": a_span(end=hour)},
        {"work_pools": [POOL], "flow_names": ["parent"]},
    ):
        assert await listed(site, **kept) == [parent.id], kept
    assert await listed(site, start_time=a_span()) == []
    assert await listed(site, flow_names=["spill"], work_pools=[POOL]) == []


async def test_runs_are_counted_by_what_is_asked(site: Site) -> None:
    first, _, third = [await site.a_run() for _ in range(3)]
    spilled = await site.a_run(flow_name="spill", deployment_id=(deployment := fresh()))
    await site.cancel(third.id)
    assert [it.count for it in await counts(site)] == [4]
    by_flow = {it.flow_name: it.count for it in await counts(site, "FLOW")}
    assert by_flow == {"pipeline": 3, "spill": 1}
    by_state = {it.state_type: it.count for it in await counts(site, "STATE_TYPE")}
    assert by_state == {type_number("SCHEDULED"): 3, type_number("CANCELLED"): 1}
    by_name = {it.state_name: it.count for it in await counts(site, "STATE_NAME")}
    assert by_name == {"Scheduled": 3, "Cancelled": 1}
    by_deployment = {it.deployment_id: it.count for it in await counts(site, "DEPLOYMENT")}
    assert by_deployment == {"": 3, deployment: 1}
    by_queue = await counts(site, "WORK_QUEUE", filter=a_filter(flow_run_ids=[first.id]))
    assert [(it.work_pool, it.work_queue, it.count) for it in by_queue] == [(POOL, QUEUE, 1)]
    two = await counts(site, "WORK_POOL", "FLOW", filter=a_filter("SCHEDULED"))
    told = sorted((it.work_pool, it.flow_name, it.count) for it in two)
    assert told == [(POOL, "pipeline", 2), (POOL, spilled.spec.flow_name, 1)]


async def test_runs_are_counted_by_the_span_in_which_they_were_due(site: Site) -> None:
    for minutes in (0, 4, 5, 17):
        await site.a_run(expected_start_time=later(NOON, minutes=minutes))
    found = await counts(site, "TIME_BUCKET", seconds=300)
    told = sorted((it.bucket_start_time.ToDatetime().minute, it.count) for it in found)
    assert told == [(0, 2), (5, 1), (15, 1)]


async def test_nothing_is_counted_where_there_is_nothing(site: Site) -> None:
    assert await counts(site) == []


async def test_spans_want_a_length(site: Site) -> None:
    with pytest.raises(InvalidArgument, match="bucket"), named_errors():
        await counts(site, "TIME_BUCKET")


async def test_too_many_counts_are_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstockd.state.usecases.flow_run.MOST_COUNTS", 2)
    for number in range(3):
        await site.a_run(flow_name=f"flow {number}")
    with pytest.raises(InvalidArgument, match="more than 2 counts"), named_errors():
        await counts(site, "FLOW")
    assert (
        len(await counts(site, "FLOW", filter=a_filter(flow_names=["flow 0", "flow 1"]))) == 2
    )


TYPES = (
    "SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING", "COMPLETED", "FAILED", "CRASHED",
    "CANCELLED",
)  # fmt: skip


def many(what: str, count: int, length: int) -> list[str]:
    return [f"{what}-{number}-".ljust(length, "x") for number in range(count)]


async def test_the_largest_filter_finds_what_it_names(site: Site) -> None:
    tags, names = many("tag", 100, 200), many("label", 100, 200)
    labels = dict.fromkeys(names, "x" * 400)
    run = await site.a_run(flow_name="spill", tags=tags, labels=labels)
    await site.a_run(flow_name="spill", tags=tags[1:], labels=labels)
    await site.a_run(flow_name="spill", tags=tags, labels={**labels, names[-1]: "other"})
    ids = [run.id, *(fresh() for _ in range(249))]
    kept = flow_run_filter_pb2.FlowRunFilter(
        flow_run_ids=ids,
        flow_names=["spill", *many("flow", 99, 255)],
        state_types=map(type_number, TYPES),
        state_names=[run.state.name, *many("state", 99, 100)],
        tags=flow_run_filter_pb2.TagFilter(all=tags, any=tags, none=many("none", 100, 200)),
        labels=labels,
    )
    assert await everywhere(site, kept) == [run.id] * 2
    kept.MergeFrom(
        flow_run_filter_pb2.FlowRunFilter(
            deployment_ids=ids,
            parent_flow_run_ids=ids,
            root_flow_run_ids=ids,
            work_pools=many("pool", 100, 63),
            work_queues=many("queue", 100, 63),
            name_contains="x" * 255,
        )
    )
    assert await everywhere(site, kept) == []


async def everywhere(site: Site, kept: flow_run_filter_pb2.FlowRunFilter) -> list[str]:
    """Return what each RPC finds that takes the filter."""
    found: list[str] = []
    for order in (
        flow_run_filter_pb2.FLOW_RUN_ORDER_CREATE_TIME_DESC,
        flow_run_filter_pb2.FLOW_RUN_ORDER_CREATE_TIME_ASC,
    ):
        page = await site.flow_runs.ListFlowRuns(
            pb.ListFlowRunsRequest(namespace=NAMESPACE, filter=kept, order=order)
        )
        found += [it.id for it in page.flow_runs]
    counted = await counts(site, filter=kept)
    request = pb.WatchFlowRunsRequest(namespace=NAMESPACE, filter=kept)
    async for batch in site.flow_runs.WatchFlowRuns(request):
        assert batch.cursor
        break
    assert [it.count for it in counted] == ([1] if found else [])
    return found
