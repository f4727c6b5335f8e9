"""Ids that are none are the caller's fault, also where no contract is checked before."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio

from penstock.api.artifact.v1 import result_service_pb2 as results
from penstock.api.artifact.v1.result_service_pb2_grpc import ResultServiceStub
from penstock.api.scheduler.v1 import deployment_service_pb2 as deployments
from penstock.api.scheduler.v1.deployment_pb2 import DeploymentRef
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.api.state.v1 import flow_run_service_pb2 as runs
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.type.v1.lease_pb2 import LeaseRef
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.errors import InvalidArgument
from penstock.wire_errors import named_errors
from penstockd.assembly import open_embedded

pytestmark = pytest.mark.asyncio

GOOD: dict[str, Any] = {
    "request_id": str(uuid4()),
    "result_id": str(uuid4()),
    "namespace": "home",
    "run": RunRef(flow_run_id=str(uuid4())),
    "payload": Payload(content_type="application/json", inline=b"1"),
    "lease": LeaseRef(lease_id=str(uuid4()), fence=1),
}


NO_RUN = RunRef(flow_run_id="x")


def publication(**bad: Any) -> results.PublishResultRequest:
    return results.PublishResultRequest(**GOOD | bad)


@pytest_asyncio.fixture
async def channel(tmp_path: Path) -> AsyncIterator[grpc.aio.Channel]:
    embedded = await open_embedded(tmp_path, session_id=uuid4())
    yield embedded.channel
    await embedded.close()


@pytest.mark.parametrize(
    ("stub", "method", "question", "field"),
    [
        (ResultServiceStub, "GetResult", results.GetResultRequest(result_id="x"), "result_id"),
        (ResultServiceStub, "PublishResult", publication(request_id="x"), "request_id"),
        (ResultServiceStub, "PublishResult", publication(result_id="x"), "result_id"),
        (
            ResultServiceStub,
            "PublishResult",
            publication(run=NO_RUN),
            "run.flow_run_id",
        ),
        (
            ResultServiceStub,
            "PublishResult",
            publication(lease=LeaseRef(lease_id="x", fence=1)),
            "lease.lease_id",
        ),
        (
            FlowRunServiceStub,
            "GetFlowRun",
            runs.GetFlowRunRequest(flow_run_id="x"),
            "flow_run_id",
        ),
        (
            DeploymentServiceStub,
            "GetDeployment",
            deployments.GetDeploymentRequest(deployment=DeploymentRef(id="x")),
            "deployment.id",
        ),
    ],
)
async def test_an_id_that_is_none_is_named(
    channel: grpc.aio.Channel, stub: Any, method: str, question: Any, field: str
) -> None:
    question.namespace = "home"
    with pytest.raises(InvalidArgument) as caught, named_errors():
        await getattr(stub(channel), method)(question)
    assert [each.field for each in caught.value.violations] == [field]
    assert "'x'" in str(caught.value)
