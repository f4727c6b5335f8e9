"""Deployments of flows: made, listed, run and deleted."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from penstock.api.scheduler.v1.deployment_pb2 import DeploymentFilter, DeploymentRef
from penstock.api.scheduler.v1.deployment_service_pb2 import (
    ApplyDeploymentRequest,
    DeleteDeploymentRequest,
    GetDeploymentRequest,
    ListDeploymentsRequest,
    RunDeploymentRequest,
    RunDeploymentResponse,
)
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.client.pages import rows_of_pages
from penstock.client.payload_codec import PayloadCodec
from penstock.client.rows import Row, row_of
from penstock.client.wire.run_specs import RunSpec, spec_message
from penstock.client.wire.times import timestamp_of
from penstock.client.wire.views import view
from penstock.exceptions import ParameterTypeError
from penstock.ground.ids import new_id
from penstock.payloads.encoding import encode
from penstock.payloads.values import JSON, EncodedPayload


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What is asked for when a deployment is to run."""

    deployment: str
    parameters: Mapping[str, EncodedPayload]
    flow_run_name: str = ""
    tags: Sequence[str] = ()
    scheduled_time: datetime | None = None
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedRun:
    """A run of a deployment; the cursor is from before its end if it was made just now."""

    flow_run_id: str
    flow_run_name: str
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSelection:
    """Deployments to which all that is said applies; nothing said means all.

    Attributes:
        flows: names of flows; a deployment is of one of them.
        pools: names of work pools; its runs wait in one of them.
        tags: it has one of them.
        name: its name holds this.
    """

    flows: Sequence[str] = ()
    pools: Sequence[str] = ()
    tags: Sequence[str] = ()
    name: str = ""


class Deployments:
    """Asks the scheduler about deployments; one is named by `flow/deployment` or by its id."""

    def __init__(self, connection: Connection) -> None:
        self._stub = DeploymentServiceStub(connection.scheduler)
        self._namespace = connection.namespace
        self._codec = connection.part(PayloadCodec)
        self._patience = connection.patience["scheduler"]

    async def apply(
        self,
        name: str,
        spec: RunSpec,
        *,
        parameter_schema: Mapping[str, Any],
        description: str,
    ) -> UUID:
        """Create the deployment, or give it a new version, and return its id."""
        request = ApplyDeploymentRequest(
            request_id=new_id(),
            namespace=self._namespace,
            name=name,
            spec=spec_message(spec, await self._codec.parameters(spec.parameters)),
            parameter_schema=await self._codec.payload(_json(parameter_schema)),
            description=description,
        )
        return UUID((await ask(self._stub.ApplyDeployment, request)).deployment.id)

    async def run(self, run: RunRequest) -> RequestedRun:
        """Make a run of a deployment."""
        reply = await self._run(run)
        return RequestedRun(
            flow_run_id=reply.flow_run_id,
            flow_run_name=reply.flow_run_name,
            cursor=reply.watch_cursor if reply.created else "",
        )

    async def run_row(self, run: RunRequest) -> Row:
        """Make a run of a deployment, and return all that is answered."""
        return row_of(await self._run(run))

    async def name_of(self, deployment: str) -> str:
        """Return what a deployment is called, without its flow's name."""
        request = GetDeploymentRequest(namespace=self._namespace, deployment=_ref(deployment))
        return (await ask(self._stub.GetDeployment, request)).deployment.name

    async def get(self, deployment: str) -> Row:
        """Return a deployment in full.

        Raises:
            DeploymentNotFound: there is none of this name or id.
        """
        request = GetDeploymentRequest(namespace=self._namespace, deployment=_ref(deployment))
        return row_of((await ask(self._stub.GetDeployment, request)).deployment)

    def all(
        self, selection: DeploymentSelection, *, full: bool = False
    ) -> AsyncIterator[list[Row]]:
        """Yield deployments in pages; only in full with what may be large."""
        request = ListDeploymentsRequest(
            namespace=self._namespace,
            filter=DeploymentFilter(
                flow_names=selection.flows,
                work_pools=selection.pools,
                tags=selection.tags,
                name_contains=selection.name,
            ),
            view=view(full=full),
        )
        return rows_of_pages(self._stub.ListDeployments, request, lambda page: page.deployments)

    async def delete(self, deployment: str, *, cancel: bool) -> Row:
        """Delete a deployment, and return it and how many runs were cancelled for it."""
        request = DeleteDeploymentRequest(
            request_id=new_id(),
            namespace=self._namespace,
            deployment=_ref(deployment),
            cancel=cancel,
        )
        return row_of(await ask(self._stub.DeleteDeployment, request))

    async def _run(self, run: RunRequest) -> RunDeploymentResponse:
        due = run.scheduled_time
        request = RunDeploymentRequest(
            request_id=new_id(),
            namespace=self._namespace,
            deployment=_ref(run.deployment),
            parameters=await self._codec.parameters(run.parameters),
            flow_run_name=run.flow_run_name,
            tags=run.tags,
            expected_start_time=timestamp_of(due) if due else None,
            idempotency_key=run.idempotency_key,
        )
        return await self._patience.for_a_while(lambda: ask(self._stub.RunDeployment, request))


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
            f"parameter {name!r} of a deployment cannot be written as JSON: {error}"
        ) from None
    if encoded is None or encoded.content_type != JSON:
        raise ParameterTypeError(
            f"parameter {name!r} of a deployment is nested too deeply or too large for JSON"
        )
    return encoded


def _json(value: Mapping[str, Any]) -> EncodedPayload:
    return EncodedPayload(JSON, json.dumps(value, default=to_jsonable_python).encode())


def _ref(deployment: str) -> DeploymentRef:
    if "/" in deployment:
        return DeploymentRef(name=deployment)
    try:
        return DeploymentRef(id=str(UUID(deployment)))
    except ValueError:
        # The server says what is wrong with it.
        return DeploymentRef(id=deployment)
