"""How a deployment is named, chosen and run."""

import asyncio

import pytest

from penstock.api.scheduler.v1 import deployment_service_pb2 as pb
from penstock.api.scheduler.v1.deployment_pb2 import Deployment
from penstock.client.deployments import (
    Deployments,
    DeploymentSelection,
    RequestedRun,
    RunRequest,
)
from penstock.client.rows import row_of
from unit.client.channels import Answering, connection_over, in_one

ID = "01a21f3e-f5dc-7aca-aaea-fc25ab717d45"


@pytest.mark.parametrize(
    ("written", "field", "sent"),
    [
        ("etl/nightly", "name", "etl/nightly"),
        (ID, "id", ID),
        (ID.upper().replace("-", ""), "id", ID),
        ("nightly", "id", "nightly"),
    ],
)
def test_a_deployment_is_named_by_its_flow_or_by_its_id(
    written: str, field: str, sent: str
) -> None:
    reply = pb.GetDeploymentResponse(deployment=Deployment(name="nightly"))
    service = Answering(GetDeployment=lambda _request: reply)
    assert asyncio.run(Deployments(connection_over(service)).name_of(written)) == "nightly"
    [request] = service.asked
    assert row_of(request.deployment) == {field: sent}


@pytest.mark.parametrize(("created", "cursor"), [(True, "1.0"), (False, "")])
def test_only_a_run_that_was_made_just_now_has_not_ended_at_its_cursor(
    created: bool, cursor: str
) -> None:
    reply = pb.RunDeploymentResponse(
        flow_run_id=ID, flow_run_name="calm-sea", created=created, watch_cursor="1.0"
    )
    service = Answering(RunDeployment=lambda _request: reply)
    deployments = Deployments(connection_over(service))
    request = RunRequest(deployment="etl/nightly", parameters={}, idempotency_key="once")
    made = asyncio.run(deployments.run(request))
    assert made == RequestedRun(flow_run_id=ID, flow_run_name="calm-sea", cursor=cursor)
    assert asyncio.run(deployments.run_row(request))["created"] is created
    assert not service.asked[0].HasField("expected_start_time")
    assert service.asked[0].idempotency_key == "once"


def test_deployments_are_chosen_by_all_that_is_said() -> None:
    service = Answering(ListDeployments=lambda _request: pb.ListDeploymentsResponse())
    chosen = DeploymentSelection(flows=("etl",), pools=("p",), tags=("a",), name="night")
    in_one(Deployments(connection_over(service)).all(chosen))
    said = service.asked[0].filter
    assert (list(said.flow_names), list(said.work_pools)) == (["etl"], ["p"])
    assert (list(said.tags), said.name_contains) == (["a"], "night")
