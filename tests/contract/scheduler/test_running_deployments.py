from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from contract.scheduler.deploying import (
    a_deployment,
    a_full_spec,
    a_schema,
    the_run,
)
from contract.scheduler.requests import (
    HOME,
    a_pickle,
    a_pool,
    a_queue,
    a_run,
    an_apply,
    by_name,
    json_payload,
)
from contract.scheduler.site import Site
from penstock.api.scheduler.v1 import deployment_pb2
from penstock.api.state.v1 import flow_run_filter_pb2, flow_run_service_pb2, state_pb2
from penstock.api.type.v1 import payload_pb2
from penstock.errors import (
    DeploymentNotFound,
    IdempotencyKeyReused,
    InvalidArgument,
    RequestIdReused,
    Unavailable,
)
from penstock.wire_errors import named_errors
from unit.scheduler.builders import a_spec_message, an_id

pytestmark = pytest.mark.asyncio

KIB = 1024


def large(size: int) -> payload_pb2.Payload:
    return a_pickle(b"\x80" * size)


async def test_a_run_carries_what_its_deployment_says(site: Site) -> None:
    deployment = await a_deployment(site, spec=a_full_spec())
    due = datetime(2030, 1, 1, tzinfo=UTC)
    request = a_run(flow_run_name="calm")
    request.expected_start_time.FromDatetime(due)
    reply = await site.deployments.RunDeployment(request)
    run = await the_run(site, reply.flow_run_id)
    assert run.spec == deployment.spec
    assert (run.deployment_id, run.deployment_version) == (deployment.id, 1)
    assert (run.name, reply.flow_run_name, reply.deployment_version) == ("calm", "calm", 1)
    assert reply.created
    assert run.state.state_type == state_pb2.STATE_TYPE_SCHEDULED
    assert run.expected_start_time.ToDatetime(tzinfo=UTC) == due


async def test_what_is_given_replaces_what_the_deployment_says_name_by_name(site: Site) -> None:
    await a_deployment(site, spec=a_full_spec())
    request = a_run(
        parameters={"name": json_payload('"elm"'), "height": json_payload("2")},
        tags=["blue", "red"],
        labels={"tier": "2", "day": "monday"},
    )
    run = await the_run(site, (await site.deployments.RunDeployment(request)).flow_run_id)
    assert dict(run.spec.parameters) == {
        "height": json_payload("2"), "fish": a_pickle(), "name": json_payload('"elm"')
    }  # fmt: skip
    assert list(run.spec.tags) == ["red", "blue"]
    assert dict(run.spec.labels) == {"team": "water", "tier": "2", "day": "monday"}


async def test_nothing_of_the_run_is_missed_after_the_answers_cursor(site: Site) -> None:
    await a_deployment(site)
    reply = await site.deployments.RunDeployment(a_run())
    assert reply.watch_cursor
    wanted = flow_run_filter_pb2.FlowRunFilter(flow_run_ids=[reply.flow_run_id])
    watch = site.runs.WatchFlowRuns(
        flow_run_service_pb2.WatchFlowRunsRequest(
            namespace=HOME, cursor=reply.watch_cursor, filter=wanted
        )
    )
    await site.runs.CancelFlowRun(
        flow_run_service_pb2.CancelFlowRunRequest(
            request_id=str(an_id()), namespace=HOME, flow_run_id=reply.flow_run_id
        )
    )
    seen = []
    async for batch in watch:
        seen += [run.state.state_type for run in batch.changes]
        if state_pb2.STATE_TYPE_CANCELLED in seen:
            break
    watch.cancel()
    assert set(seen) <= {state_pb2.STATE_TYPE_SCHEDULED, state_pb2.STATE_TYPE_CANCELLED}


async def test_a_request_that_comes_twice_makes_one_run(site: Site) -> None:
    await a_deployment(site)
    request = a_run()
    first = await site.deployments.RunDeployment(request)
    await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(flow_version="2")))
    assert await site.deployments.RunDeployment(request) == first
    request.flow_run_name = "other"
    with pytest.raises(RequestIdReused), named_errors():
        await site.deployments.RunDeployment(request)


async def test_a_key_makes_one_run_for_ever(site: Site) -> None:
    await a_deployment(site)
    first = await site.deployments.RunDeployment(a_run(idempotency_key="monday"))
    await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(flow_version="2")))
    again = await site.deployments.RunDeployment(a_run(idempotency_key="monday"))
    assert (again.flow_run_id, again.deployment_version) == (first.flow_run_id, 1)
    assert (first.created, again.created) == (True, False)
    assert again.watch_cursor


async def test_a_key_belongs_to_one_flow(site: Site) -> None:
    await a_deployment(site)
    await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(flow_name="brook")))
    await site.deployments.RunDeployment(a_run(idempotency_key="monday"))
    with pytest.raises(IdempotencyKeyReused), named_errors():
        await site.deployments.RunDeployment(a_run("brook/daily", idempotency_key="monday"))


@pytest.mark.parametrize(
    ("parameters", "field", "message"),
    [
        (
            {"hieght": json_payload("2")},
            "parameters.hieght",
            "the flow has no parameter 'hieght': it takes height, name",
        ),
        ({"hieght": a_pickle()}, "parameters.hieght", "has no parameter"),
        ({}, "parameters.height", "parameter 'height' is required"),
        (
            {"height": json_payload('"4"')},
            "parameters.height",
            "must be integer, not string",
        ),
        ({"height": json_payload("NaN")}, "parameters.height", "is not valid application/json"),
    ],
)
async def test_a_parameter_that_the_flow_cannot_take_is_named(
    site: Site, parameters: dict[str, Any], field: str, message: str
) -> None:
    await a_deployment(site, parameter_schema=a_schema())
    with pytest.raises(InvalidArgument, match=message) as caught, named_errors():
        await site.deployments.RunDeployment(a_run(parameters=parameters))
    assert caught.value.metadata["field"] == field


@pytest.mark.parametrize(
    "height",
    [
        json_payload('"1152921504606846977"', integer_pointers=[""]),
        a_pickle(),
        payload_pb2.Payload(
            content_type="application/json",
            content=payload_pb2.ContentRef(sha256=b"d" * 32, size=9),
        ),
    ],
    ids=["a large integer", "a pickle", "kept elsewhere"],
)
async def test_a_value_is_handed_on_as_it_came(site: Site, height: payload_pb2.Payload) -> None:
    await a_deployment(site, parameter_schema=a_schema())
    reply = await site.deployments.RunDeployment(a_run(parameters={"height": height}))
    run = await the_run(site, reply.flow_run_id)
    assert dict(run.spec.parameters) == {"height": height}


async def test_the_parameters_have_a_bound_on_the_whole(site: Site) -> None:
    defaults = {f"d{number}": large(64 * KIB) for number in range(4)}
    await a_deployment(site, spec=a_spec_message(parameters=defaults))
    given = {f"g{number}": large(64 * KIB) for number in range(4)}
    reply = await site.deployments.RunDeployment(a_run(parameters=given))
    assert len((await the_run(site, reply.flow_run_id)).spec.parameters) == 8
    with pytest.raises(InvalidArgument, match="524,289 bytes inline") as caught, named_errors():
        await site.deployments.RunDeployment(a_run(parameters=given | {"last": large(1)}))
    assert caught.value.metadata["field"] == "parameters"
    too_many = defaults | given | {"last": large(1)}
    with pytest.raises(InvalidArgument, match="524,289 bytes inline"), named_errors():
        await site.deployments.ApplyDeployment(
            an_apply(name="other", spec=a_spec_message(parameters=too_many))
        )


async def test_a_time_that_no_calendar_has_is_refused(site: Site) -> None:
    await a_deployment(site)
    request = a_run(expected_start_time=Timestamp(seconds=10**15))
    with pytest.raises(InvalidArgument, match="expected_start_time"), named_errors():
        await site.deployments.RunDeployment(request)


async def test_too_many_tags_and_labels_are_refused(site: Site) -> None:
    await a_deployment(site, spec=a_spec_message(tags=["t"], labels={"l": ""}))
    names = [str(it) for it in range(100)]
    with pytest.raises(InvalidArgument, match="101 tags"), named_errors():
        await site.deployments.RunDeployment(a_run(tags=names))
    with pytest.raises(InvalidArgument, match="101 labels"), named_errors():
        await site.deployments.RunDeployment(a_run(labels=dict.fromkeys(names, "")))


async def test_an_unknown_deployment_cannot_be_run(site: Site) -> None:
    for ref in (by_name(), deployment_pb2.DeploymentRef(id=str(an_id()))):
        with pytest.raises(DeploymentNotFound), named_errors():
            await site.deployments.RunDeployment(a_run(deployment=ref))


async def test_a_run_that_cannot_reach_the_state_service_may_be_tried_again(
    site: Site,
) -> None:
    await a_deployment(site)
    request = a_run()
    site.wire.cut = True
    with pytest.raises(Unavailable), named_errors():
        await site.deployments.RunDeployment(request)
    site.wire.cut = False
    assert (await site.deployments.RunDeployment(request)).created


async def test_a_deployment_may_name_another_queue(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    await site.pools.CreateWorkQueue(a_queue("slow", priority=9))
    await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(work_queue="slow")))
    reply = await site.deployments.RunDeployment(a_run())
    assert (await the_run(site, reply.flow_run_id)).spec.work_queue == "slow"
