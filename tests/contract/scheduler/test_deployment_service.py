from typing import Any
from uuid import UUID

import pytest
from google.protobuf.duration_pb2 import Duration

from contract.scheduler.deploying import a_deployment, a_full_spec, a_schema, get
from contract.scheduler.requests import (
    HOME,
    a_pool,
    an_apply,
    by_name,
    json_payload,
)
from contract.scheduler.site import Site
from penstock.api.scheduler.v1 import deployment_pb2
from penstock.api.scheduler.v1 import deployment_service_pb2 as pb
from penstock.api.type.v1 import (
    launch_spec_pb2,
    resources_pb2,
    retry_policy_pb2,
    run_spec_pb2,
    view_pb2,
)
from penstock.errors import (
    DeploymentNotFound,
    InvalidArgument,
    NotSupportedYet,
    PageTokenInvalid,
    RequestIdReused,
    RevisionConflict,
    WorkPoolNotFound,
    WorkQueueNotFound,
)
from penstock.wire_errors import named_errors
from unit.scheduler.builders import a_spec_message, an_id

pytestmark = pytest.mark.asyncio


async def apply(site: Site, **changes: Any) -> deployment_pb2.Deployment:
    return (await site.deployments.ApplyDeployment(an_apply(**changes))).deployment


async def test_a_deployment_is_read_as_it_was_applied(site: Site) -> None:
    deployment = await a_deployment(
        site, spec=a_full_spec(), parameter_schema=a_schema(), description="daily"
    )
    assert (UUID(deployment.id).version, deployment.version, deployment.revision) == (7, 1, 1)
    assert deployment.spec == a_full_spec()
    assert (deployment.parameter_schema, deployment.description) == (a_schema(), "daily")
    assert await get(site, by_name()) == deployment
    assert await get(site, deployment_pb2.DeploymentRef(id=deployment.id)) == deployment


async def test_who_names_no_queue_is_told_the_default_one(site: Site) -> None:
    assert (await a_deployment(site)).spec.work_queue == "default"


async def test_the_same_spec_makes_no_version(site: Site) -> None:
    deployment = await a_deployment(site, spec=a_full_spec())
    assert await apply(site, spec=a_full_spec()) == deployment


@pytest.mark.parametrize(
    "change",
    [
        {"spec": a_full_spec(flow_version="1.3")},
        {"spec": a_full_spec(labels={"team": "water"})},
        {"spec": a_full_spec(parameters={"height": json_payload("2")})},
        {"spec": a_full_spec(retry_policy=retry_policy_pb2.RetryPolicy(max_retries=3))},
        {"spec": a_full_spec(), "parameter_schema": a_schema(title="Parameters")},
    ],
    ids=["flow_version", "labels", "parameters", "retry_policy", "parameter_schema"],
)
async def test_what_matters_to_runs_makes_a_version_under_the_same_id(
    site: Site, change: dict[str, Any]
) -> None:
    first = await a_deployment(site, spec=a_full_spec())
    second = await apply(site, **change)
    assert (second.id, second.version, second.revision) == (first.id, 2, 2)
    assert second.create_time == first.create_time
    assert await get(site, by_name()) == second


@pytest.mark.parametrize(
    "change",
    [
        {"spec": a_full_spec(tags=["blue"])},
        {"spec": a_full_spec(), "description": "nightly"},
    ],
    ids=["tags", "description"],
)
async def test_words_about_a_deployment_make_a_revision_and_no_version(
    site: Site, change: dict[str, Any]
) -> None:
    first = await a_deployment(site, spec=a_full_spec())
    second = await apply(site, **change)
    assert (second.version, second.revision) == (1, 2)
    assert second.spec == change["spec"]
    assert second.description == change.get("description", "")
    assert second.update_time.ToNanoseconds() > first.update_time.ToNanoseconds()
    assert await get(site, by_name()) == second


async def test_who_decided_on_an_older_revision_is_refused(site: Site) -> None:
    await a_deployment(site, expected_revision=0)
    await apply(site, description="by somebody else", expected_revision=1)
    with pytest.raises(RevisionConflict, match="revision 2, but 1") as caught, named_errors():
        await apply(site, description="mine", expected_revision=1)
    assert caught.value.metadata["revision"] == "2"
    with pytest.raises(RevisionConflict, match="has revision 0"), named_errors():
        await apply(site, name="other", expected_revision=1)
    assert (await get(site, by_name())).description == "by somebody else"


async def test_a_request_that_comes_twice_applies_once(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    request = an_apply()
    first = await site.deployments.ApplyDeployment(request)
    await apply(site, description="other")
    assert await site.deployments.ApplyDeployment(request) == first
    request.spec.flow_version = "5"
    with pytest.raises(RequestIdReused), named_errors():
        await site.deployments.ApplyDeployment(request)


async def test_the_pool_and_the_queue_must_be_there(site: Site) -> None:
    with pytest.raises(WorkPoolNotFound), named_errors():
        await apply(site)
    await site.pools.CreateWorkPool(a_pool())
    with pytest.raises(WorkQueueNotFound), named_errors():
        await apply(site, spec=a_spec_message(work_queue="slow"))


ENDLESS = (
    '{"properties":{"a":{"$ref":"#/definitions/A"}},'
    '"definitions":{"A":{"anyOf":[{"$ref":"#/definitions/A"},{"$ref":"#/definitions/A"}]}}}'
)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (an_apply(parameter_schema=json_payload("{")), "parameter_schema"),
        (an_apply(parameter_schema=json_payload("[1]")), "parameter_schema"),
        (an_apply(parameter_schema=json_payload('{"required":[[1]]}')), "parameter_schema"),
        (an_apply(parameter_schema=json_payload(ENDLESS)), "parameter_schema"),
        (
            an_apply(
                spec=a_spec_message(parameters={"hieght": json_payload("1")}),
                parameter_schema=a_schema(),
            ),
            "spec.parameters.hieght",
        ),
        (an_apply(spec=a_spec_message(work_pool="")), "spec.work_pool"),
        (an_apply(spec=a_spec_message(launch=None)), "spec.launch"),
    ],
)
async def test_a_spec_that_cannot_be_run_is_refused(
    site: Site, request_: pb.ApplyDeploymentRequest, field: str
) -> None:
    await site.pools.CreateWorkPool(a_pool())
    with pytest.raises(InvalidArgument) as caught, named_errors():
        await site.deployments.ApplyDeployment(request_)
    assert [each.field for each in caught.value.violations] == [field]


@pytest.mark.parametrize("seconds", [-1, 10**11])
async def test_a_delay_has_bounds(site: Site, seconds: int) -> None:
    policy = retry_policy_pb2.RetryPolicy(retry_delays=[Duration(seconds=seconds)])
    await site.pools.CreateWorkPool(a_pool())
    with pytest.raises(InvalidArgument), named_errors():
        await apply(site, spec=a_spec_message(retry_policy=policy))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"name_template": "import-{day}"}, "spec.name_template"),
        ({"timeout": Duration(seconds=5)}, "spec.timeout"),
        ({"priority": -1}, "spec.priority"),
        ({"resources": resources_pb2.Resources(slots=2)}, "spec.resources.slots"),
        ({"resources": resources_pb2.Resources(cpu_milli=500)}, "spec.resources.cpu_milli"),
        ({"resources": resources_pb2.Resources(mem_bytes=1)}, "spec.resources.mem_bytes"),
        ({"resources": resources_pb2.Resources(gpu=1)}, "spec.resources.gpu"),
    ],
)
async def test_what_is_not_done_yet_is_refused_by_its_name(
    site: Site, asked: dict[str, Any], field: str
) -> None:
    await site.pools.CreateWorkPool(a_pool())
    with pytest.raises(NotSupportedYet) as caught, named_errors():
        await apply(site, spec=a_spec_message(**asked))
    assert caught.value.metadata["field"] == field


async def test_deployments_are_listed_by_flow_and_name(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    for flow_name, name in (("b", "x"), ("a", "z"), ("a", "y")):
        await apply(site, name=name, spec=a_spec_message(flow_name=flow_name))
    request = pb.ListDeploymentsRequest(namespace=HOME, page_size=2)
    first = await site.deployments.ListDeployments(request)
    request.page_token = first.next_page_token
    rest = await site.deployments.ListDeployments(request)
    found = [(it.spec.flow_name, it.name) for it in (*first.deployments, *rest.deployments)]
    assert (found, rest.next_page_token) == ([("a", "y"), ("a", "z"), ("b", "x")], "")
    request.filter.flow_names.append("a")
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.deployments.ListDeployments(request)
    request.page_size = -1
    with pytest.raises(InvalidArgument), named_errors():
        await site.deployments.ListDeployments(request)


async def test_deployments_are_listed_by_what_is_asked(site: Site) -> None:
    for pool in ("local", "other"):
        await site.pools.CreateWorkPool(a_pool(pool))
    for flow_name, name, more in (
        ("spring", "Daily 100%", {"tags": ["red", "wet"]}),
        ("spring", "weekly", {"tags": ["blue"], "work_pool": "other"}),
        ("Estuary", "daily", {}),
    ):
        await apply(site, name=name, spec=a_spec_message(flow_name=flow_name, **more))

    async def listed(**wanted: Any) -> list[str]:
        request = pb.ListDeploymentsRequest(namespace=HOME)
        request.filter.CopyFrom(deployment_pb2.DeploymentFilter(**wanted))
        reply = await site.deployments.ListDeployments(request)
        return [each.name for each in reply.deployments]

    assert await listed() == ["daily", "Daily 100%", "weekly"]
    assert await listed(flow_names=["spring", "none"]) == ["Daily 100%", "weekly"]
    assert await listed(work_pools=["other"]) == ["weekly"]
    assert await listed(tags=["wet", "blue"]) == ["Daily 100%", "weekly"]
    assert await listed(tags=["re"]) == []
    assert await listed(name_contains="DAI") == ["daily", "Daily 100%"]
    assert await listed(name_contains="estu") == ["daily"]
    assert await listed(name_contains="0%") == ["Daily 100%"]
    assert await listed(name_contains="%0") == []
    assert await listed(flow_names=["spring"], name_contains="daily", tags=["red"]) == [
        "Daily 100%"
    ]


async def test_a_list_leaves_out_what_may_be_large_unless_it_is_asked_for(site: Site) -> None:
    deployment = await a_deployment(site, spec=a_full_spec(), parameter_schema=a_schema())
    request = pb.ListDeploymentsRequest(namespace=HOME)
    (basic,) = (await site.deployments.ListDeployments(request)).deployments
    assert basic.spec == a_full_spec(parameters={})
    assert not basic.HasField("parameter_schema")
    request.view = view_pb2.View.VIEW_FULL
    (full,) = (await site.deployments.ListDeployments(request)).deployments
    assert full == deployment


async def test_a_program_of_every_kind_is_handed_on(site: Site) -> None:
    await site.pools.CreateWorkPool(a_pool())
    for name, launch in (
        ("command", {"command": launch_spec_pb2.CommandProgram(argv=["ls", "-l"])}),
        ("handler", {"handler": "images/resize"}),
    ):
        spec: run_spec_pb2.RunSpec = a_spec_message(launch=launch_spec_pb2.LaunchSpec(**launch))
        assert (await apply(site, name=name, spec=spec)).spec.launch == spec.launch


async def test_an_unknown_deployment_is_an_error(site: Site) -> None:
    for ref in (by_name(), deployment_pb2.DeploymentRef(id=str(an_id()))):
        with pytest.raises(DeploymentNotFound), named_errors():
            await get(site, ref)
    with pytest.raises(InvalidArgument), named_errors():
        await get(site, by_name("no-slash"))


async def test_text_that_not_every_store_can_keep_is_kept_readable(site: Site) -> None:
    deployment = await a_deployment(site, description="a\x00b")
    assert deployment.description == "a\ufffdb"
    request = pb.ListDeploymentsRequest(namespace=HOME)
    request.filter.name_contains = "\x00"
    assert not (await site.deployments.ListDeployments(request)).deployments
