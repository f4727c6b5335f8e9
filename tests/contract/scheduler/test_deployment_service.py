import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from contract.scheduler.requests import (
    HOME,
    a_pool,
    a_queue,
    a_run,
    an_apply,
    by_name,
    json_payload,
)
from contract.scheduler.site import Site
from penstock.api.scheduler.v1 import deployment_pb2
from penstock.api.scheduler.v1 import deployment_service_pb2 as pb
from penstock.api.state.v1 import flow_run_pb2, flow_run_service_pb2, state_pb2
from penstock.errors import (
    DeploymentNotFound,
    InvalidArgument,
    PageTokenInvalid,
    PenstockError,
    RequestIdReused,
    Unavailable,
    WorkPoolNotFound,
    WorkQueueNotFound,
)
from penstock.wire_errors import named_errors
from unit.scheduler.builders import an_id

pytestmark = pytest.mark.asyncio


@pytest.fixture(params=["local", "socket"])
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The store passes one suite on both databases: here one of them is enough."""
    return request.param, "sqlite"


SCHEMA = {
    "type": "object",
    "properties": {"height": {"type": "integer"}, "name": {"type": "string"}},
    "required": ["height"],
}


async def a_deployment(site: Site, **changes: Any) -> deployment_pb2.Deployment:
    await site.pools.CreateWorkPool(a_pool())
    return (await site.deployments.ApplyDeployment(an_apply(**changes))).deployment


async def the_run(site: Site, flow_run_id: str) -> flow_run_pb2.FlowRun:
    request = flow_run_service_pb2.GetFlowRunRequest(namespace=HOME, flow_run_id=flow_run_id)
    return (await site.runs.GetFlowRun(request)).flow_run


async def get(site: Site, ref: deployment_pb2.DeploymentRef) -> deployment_pb2.Deployment:
    request = pb.GetDeploymentRequest(namespace=HOME, deployment=ref)
    return (await site.deployments.GetDeployment(request)).deployment


def a_full_spec() -> deployment_pb2.DeploymentSpec:
    return a_spec_message(
        work_queue="default",
        flow_version="1.2",
        parameters=json_payload('{"height":1}'),
        parameter_schema=json_payload(json.dumps(SCHEMA, separators=(",", ":"))),
        tags=["red"],
        description="daily",
        max_retries=2,
        retry_delays=[Duration(seconds=3)],
    )


async def test_a_deployment_is_read_as_it_was_applied(site: Site) -> None:
    deployment = await a_deployment(site, spec=a_full_spec())
    assert (UUID(deployment.id).version, deployment.version) == (7, 1)
    assert deployment.spec == a_full_spec()
    assert await get(site, by_name()) == deployment
    assert await get(site, deployment_pb2.DeploymentRef(id=deployment.id)) == deployment


async def test_the_same_spec_makes_no_version(site: Site) -> None:
    deployment = await a_deployment(site, spec=a_full_spec())
    again = await site.deployments.ApplyDeployment(an_apply(spec=a_full_spec()))
    assert again.deployment == deployment


async def test_another_spec_makes_a_version_under_the_same_id(site: Site) -> None:
    first = await a_deployment(site)
    reply = await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(max_retries=1)))
    assert (reply.deployment.id, reply.deployment.version) == (first.id, 2)
    assert await get(site, by_name()) == reply.deployment


async def test_a_request_that_comes_twice_applies_once(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    request = an_apply()
    first = await site.deployments.ApplyDeployment(request)
    await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(max_retries=1)))
    assert await site.deployments.ApplyDeployment(request) == first
    request.spec.max_retries = 5
    with pytest.raises(RequestIdReused), named_errors():
        await site.deployments.ApplyDeployment(request)


async def test_the_pool_and_the_queue_must_be_there(site: Site) -> None:
    with pytest.raises(WorkPoolNotFound), named_errors():
        await site.deployments.ApplyDeployment(an_apply())
    await site.pools.CreateWorkPool(a_pool())
    with pytest.raises(WorkQueueNotFound), named_errors():
        await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(work_queue="slow")))


@pytest.mark.parametrize(
    "spec",
    [
        a_spec_message(parameters=json_payload("[1]")),
        a_spec_message(parameter_schema=json_payload("{")),
        a_spec_message(
            parameters=json_payload('{"hieght":1}'),
            parameter_schema=json_payload(json.dumps(SCHEMA)),
        ),
        a_spec_message(work_pool=""),
        a_spec_message(retry_delays=[Duration(seconds=-1)]),
        a_spec_message(retry_delays=[Duration(seconds=10**18)]),
    ],
)
async def test_a_spec_that_cannot_be_run_is_refused(
    site: Site, spec: deployment_pb2.DeploymentSpec
) -> None:
    await site.pools.CreateWorkPool(a_pool())
    with pytest.raises(InvalidArgument), named_errors():
        await site.deployments.ApplyDeployment(an_apply(spec=spec))


async def test_deployments_are_listed_by_flow_and_name(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    for flow_name, name in (("b", "x"), ("a", "z"), ("a", "y")):
        await site.deployments.ApplyDeployment(an_apply(flow_name=flow_name, name=name))
    request = pb.ListDeploymentsRequest(namespace=HOME, page_size=2)
    first = await site.deployments.ListDeployments(request)
    request.page_token = first.next_page_token
    rest = await site.deployments.ListDeployments(request)
    found = [(it.flow_name, it.name) for it in (*first.deployments, *rest.deployments)]
    assert (found, rest.next_page_token) == ([("a", "y"), ("a", "z"), ("b", "x")], "")
    request.flow_name = "a"
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.deployments.ListDeployments(request)
    request.page_size = -1
    with pytest.raises(InvalidArgument), named_errors():
        await site.deployments.ListDeployments(request)


async def test_a_run_carries_what_its_deployment_says(site: Site) -> None:
    deployment = await a_deployment(site, spec=a_full_spec())
    due = datetime(2030, 1, 1, tzinfo=UTC)
    request = a_run(
        parameters=json_payload('{"name":"elm"}'), flow_run_name="calm", tags=["blue", "red"]
    )
    request.expected_start_time.FromDatetime(due)
    reply = await site.deployments.RunDeployment(request)
    run = await the_run(site, reply.flow_run_id)
    assert (run.name, run.flow_name, run.flow_version) == ("calm", "spring", "1.2")
    assert (run.deployment_id, run.deployment_version) == (deployment.id, 1)
    assert (reply.flow_run_name, reply.deployment_version) == ("calm", 1)
    assert (run.work_pool, run.work_queue) == ("local", "default")
    assert run.launch == deployment.spec.launch
    assert run.parameters == json_payload('{"height":1,"name":"elm"}')
    assert list(run.tags) == ["red", "blue"]
    assert run.state.state_type == state_pb2.STATE_TYPE_SCHEDULED
    assert run.expected_start_time.ToDatetime(tzinfo=UTC) == due
    assert run.retry_policy.max_retries == 2
    assert run.retry_policy.retry_delays[0].ToTimedelta() == timedelta(seconds=3)


async def test_a_request_that_comes_twice_makes_one_run(site: Site) -> None:
    await a_deployment(site)
    request = a_run()
    first = await site.deployments.RunDeployment(request)
    await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(max_retries=1)))
    assert await site.deployments.RunDeployment(request) == first
    request.flow_run_name = "other"
    with pytest.raises(RequestIdReused), named_errors():
        await site.deployments.RunDeployment(request)


async def test_a_key_makes_one_run_for_ever(site: Site) -> None:
    await a_deployment(site)
    first = await site.deployments.RunDeployment(a_run(idempotency_key="monday"))
    await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(max_retries=1)))
    again = await site.deployments.RunDeployment(a_run(idempotency_key="monday"))
    assert again == first
    assert again.deployment_version == 1


@pytest.mark.parametrize(
    ("parameters", "field", "message"),
    [
        (
            '{"hieght":2}',
            "parameters.hieght",
            "'hieght' is no parameter of the flow: it knows height, name",
        ),
        ("{}", "parameters.height", "parameter 'height' is required"),
        ('{"height":"4"}', "parameters.height", "must be integer, and is string"),
    ],
)
async def test_a_parameter_that_the_flow_cannot_take_is_named(
    site: Site, parameters: str, field: str, message: str
) -> None:
    spec = a_spec_message(parameter_schema=json_payload(json.dumps(SCHEMA)))
    await a_deployment(site, spec=spec)
    with pytest.raises(InvalidArgument, match=message) as caught, named_errors():
        await site.deployments.RunDeployment(a_run(parameters=json_payload(parameters)))
    assert caught.value.metadata["field"] == field


async def test_a_time_that_no_calendar_has_is_refused(site: Site) -> None:
    await a_deployment(site)
    request = a_run(expected_start_time=Timestamp(seconds=10**15))
    with pytest.raises(InvalidArgument, match="out of range"), named_errors():
        await site.deployments.RunDeployment(request)


async def test_too_many_tags_are_refused(site: Site) -> None:
    await a_deployment(site, spec=a_spec_message(tags=["of the deployment"]))
    with pytest.raises(InvalidArgument, match="101 tags"), named_errors():
        await site.deployments.RunDeployment(a_run(tags=[str(it) for it in range(100)]))


async def test_an_unknown_deployment_is_an_error(site: Site) -> None:
    for ref in (by_name(), deployment_pb2.DeploymentRef(id=str(an_id()))):
        with pytest.raises(DeploymentNotFound), named_errors():
            await get(site, ref)
        with pytest.raises(DeploymentNotFound), named_errors():
            await site.deployments.RunDeployment(a_run(deployment=ref))
    with pytest.raises(InvalidArgument), named_errors():
        await get(site, by_name("no-slash"))


async def test_a_run_that_cannot_reach_the_state_service_may_be_tried_again(
    site: Site,
) -> None:
    await a_deployment(site)
    request = a_run()
    site.wire.cut = True
    with pytest.raises(Unavailable) as caught, named_errors():
        await site.deployments.RunDeployment(request)
    assert isinstance(caught.value, PenstockError)
    site.wire.cut = False
    assert (await site.deployments.RunDeployment(request)).flow_run_id


async def test_a_deployment_may_name_another_queue(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    await site.pools.CreateWorkQueue(a_queue("slow", priority=9))
    await site.deployments.ApplyDeployment(an_apply(spec=a_spec_message(work_queue="slow")))
    reply = await site.deployments.RunDeployment(a_run())
    assert (await the_run(site, reply.flow_run_id)).work_queue == "slow"
