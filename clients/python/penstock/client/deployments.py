"""What the SDK asks of the scheduler."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from penstock.api.scheduler.v1.deployment_pb2 import DeploymentRef
from penstock.api.scheduler.v1.deployment_service_pb2 import (
    ApplyDeploymentRequest,
    GetDeploymentRequest,
    RunDeploymentRequest,
)
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.client.connection import Connection
from penstock.client.content import PayloadCodec
from penstock.client.wire.run_specs import RunSpec, spec_message
from penstock.client.wire.times import timestamp_of
from penstock.exceptions import ParameterTypeError
from penstock.ground.ids import new_id
from penstock.payloads.encoding import encode
from penstock.payloads.values import JSON, EncodedPayload
from penstock.wire_errors import named_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What is asked for when a deployment is to run."""

    deployment: str
    parameters: Mapping[str, EncodedPayload]
    flow_run_name: str
    tags: Sequence[str]
    scheduled_time: datetime | None
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedRun:
    """A run of a deployment; the cursor is from before its end if it was made just now."""

    flow_run_id: str
    cursor: str


async def apply_deployment(
    connection: Connection,
    name: str,
    spec: RunSpec,
    *,
    parameter_schema: Mapping[str, Any],
    description: str,
) -> UUID:
    """Create the deployment, or give it a new version, and return its id."""
    codec = PayloadCodec(connection)
    request = ApplyDeploymentRequest(
        request_id=new_id(),
        namespace=connection.namespace,
        name=name,
        spec=spec_message(spec, await codec.parameters(spec.parameters)),
        parameter_schema=await codec.payload(_json(parameter_schema)),
        description=description,
    )
    with named_errors():
        reply = await DeploymentServiceStub(connection.scheduler).ApplyDeployment(request)
    return UUID(reply.deployment.id)


async def run_deployment(connection: Connection, run: RunRequest) -> RequestedRun:
    """Make a run of a deployment."""
    request = RunDeploymentRequest(
        request_id=new_id(),
        namespace=connection.namespace,
        deployment=_ref(run.deployment),
        parameters=await PayloadCodec(connection).parameters(run.parameters),
        flow_run_name=run.flow_run_name,
        tags=run.tags,
        expected_start_time=timestamp_of(run.scheduled_time) if run.scheduled_time else None,
        idempotency_key=run.idempotency_key,
    )
    with named_errors():
        reply = await DeploymentServiceStub(connection.scheduler).RunDeployment(request)
    return RequestedRun(
        flow_run_id=reply.flow_run_id,
        cursor=reply.watch_cursor if reply.created else "",
    )


async def deployment_name(connection: Connection, deployment_id: str) -> str:
    """Return what a deployment is called, without its flow's name."""
    request = GetDeploymentRequest(
        namespace=connection.namespace, deployment=_ref(deployment_id)
    )
    with named_errors():
        reply = await DeploymentServiceStub(connection.scheduler).GetDeployment(request)
    return str(reply.deployment.name)


def deployed_parameters(parameters: Mapping[str, Any]) -> dict[str, EncodedPayload]:
    """Return arguments that a program in any language can read.

    Raises:
        ParameterTypeError: one of them is nothing that JSON can say.
    """
    return {name: _argument(name, value) for name, value in parameters.items()}


def _argument(name: str, value: Any) -> EncodedPayload:
    try:
        # Of a model or a time there is only what JSON says; a plain value stays as it is.
        plain = json.loads(json.dumps(value, default=to_jsonable_python, allow_nan=False))
        encoded = encode(plain)
    except (TypeError, ValueError) as error:
        raise ParameterTypeError(
            f"parameter {name!r} of a deployment must be something that JSON can say: {error}"
        ) from None
    if encoded is None or encoded.content_type != JSON:
        raise ParameterTypeError(
            f"parameter {name!r} of a deployment is too deep or too large for JSON"
        )
    return encoded


def _json(value: Mapping[str, Any]) -> EncodedPayload:
    return EncodedPayload(JSON, json.dumps(value, default=to_jsonable_python).encode())


def _ref(deployment: str) -> DeploymentRef:
    if "/" in deployment:
        return DeploymentRef(name=deployment)
    return DeploymentRef(id=deployment)
