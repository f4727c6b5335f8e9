"""What the SDK asks of the scheduler."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from pydantic_core import to_jsonable_python

from penstock.api.scheduler.v1.deployment_pb2 import DeploymentRef, DeploymentSpec
from penstock.api.scheduler.v1.deployment_service_pb2 import (
    ApplyDeploymentRequest,
    GetDeploymentRequest,
    RunDeploymentRequest,
)
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.connection import Connection
from penstock.engine.ids import new_id
from penstock.exceptions import ParameterTypeError
from penstock.results import JSON
from penstock.wire_errors import named_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How the code is found and started."""

    interpreter: str
    working_dir: str
    sys_path: Sequence[str]
    entrypoint: str
    source_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a deployment says of running."""

    launch: Launch
    flow_version: str
    work_pool: str
    work_queue: str
    parameters: Mapping[str, Any]
    parameter_schema: Mapping[str, Any]
    tags: Sequence[str]
    description: str
    max_retries: int
    retry_delays: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What is asked for when a deployment is to run."""

    deployment: str
    parameters: Mapping[str, Any]
    flow_run_name: str
    tags: Sequence[str]
    scheduled_time: Timestamp | None
    idempotency_key: str


async def apply_deployment(
    connection: Connection, flow_name: str, name: str, spec: Spec
) -> UUID:
    """Create the deployment, or give it a new version, and return its id."""
    request = ApplyDeploymentRequest(
        request_id=new_id(),
        namespace=connection.namespace,
        flow_name=flow_name,
        name=name,
        spec=_spec(spec),
    )
    with named_errors():
        reply = await DeploymentServiceStub(connection.scheduler).ApplyDeployment(request)
    return UUID(reply.deployment.id)


async def run_deployment(connection: Connection, run: RunRequest) -> str:
    """Make a run of a deployment, and return the run's id."""
    request = RunDeploymentRequest(
        request_id=new_id(),
        namespace=connection.namespace,
        deployment=_ref(run.deployment),
        parameters=_arguments(run.parameters),
        flow_run_name=run.flow_run_name,
        tags=run.tags,
        expected_start_time=run.scheduled_time,
        idempotency_key=run.idempotency_key,
    )
    with named_errors():
        reply = await DeploymentServiceStub(connection.scheduler).RunDeployment(request)
    return reply.flow_run_id


async def deployment_name(connection: Connection, deployment_id: str) -> str:
    """Return what a deployment is called, without its flow's name."""
    request = GetDeploymentRequest(
        namespace=connection.namespace, deployment=_ref(deployment_id)
    )
    with named_errors():
        reply = await DeploymentServiceStub(connection.scheduler).GetDeployment(request)
    return str(reply.deployment.name)


def _ref(deployment: str) -> DeploymentRef:
    if "/" in deployment:
        return DeploymentRef(name=deployment)
    return DeploymentRef(id=deployment)


def _spec(spec: Spec) -> DeploymentSpec:
    launch = spec.launch
    return DeploymentSpec(
        launch=LaunchSpec(
            interpreter=launch.interpreter,
            working_dir=launch.working_dir,
            sys_path=launch.sys_path,
            entrypoint=launch.entrypoint,
            source_digest=launch.source_digest,
        ),
        flow_version=spec.flow_version,
        work_pool=spec.work_pool,
        work_queue=spec.work_queue,
        parameters=_arguments(spec.parameters),
        parameter_schema=_json(spec.parameter_schema),
        tags=spec.tags,
        description=spec.description,
        max_retries=spec.max_retries,
        retry_delays=[
            Duration(seconds=int(wait), nanos=int(wait % 1 * 1_000_000_000))
            for wait in spec.retry_delays
        ],
    )


def _arguments(parameters: Mapping[str, Any]) -> Payload:
    """Return arguments that a program in any language can read."""
    for name, value in parameters.items():
        try:
            json.dumps(value, default=to_jsonable_python, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ParameterTypeError(
                f"parameter {name!r} of a deployment must be something that JSON can say: "
                f"{error}"
            ) from None
    return _json(parameters)


def _json(value: Mapping[str, Any]) -> Payload:
    text = json.dumps(value, default=to_jsonable_python)
    return Payload(content_type=JSON, inline=text.encode())
