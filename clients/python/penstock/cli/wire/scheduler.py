"""Deployments, work pools and workers, as the scheduler knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from penstock.api.scheduler.v1 import deployment_service_pb2 as services
from penstock.api.scheduler.v1 import work_pool_service_pb2 as pools
from penstock.api.scheduler.v1 import worker_service_pb2 as servants
from penstock.api.scheduler.v1.deployment_pb2 import DeploymentFilter, DeploymentRef
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.api.scheduler.v1.work_pool_pb2 import WorkPoolRef
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceStub
from penstock.api.scheduler.v1.worker_pb2 import WorkerFilter
from penstock.api.scheduler.v1.worker_service_pb2_grpc import WorkerServiceStub
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.api.type.v1.view_pb2 import VIEW_BASIC, VIEW_FULL
from penstock.cli.services import here
from penstock.client.connection import Connection
from penstock.client.content import PayloadCodec
from penstock.client.pages import every
from penstock.client.rows import Plain, plain
from penstock.errors import InvalidArgument
from penstock.ground.ids import new_id
from penstock.payloads.encoding import encode
from penstock.payloads.values import JSON, EncodedPayload
from penstock.wire_errors import named_errors


def deployments() -> Deployments:
    return Deployments(here())


def work_pools() -> WorkPools:
    return WorkPools(here())


class Deployments:
    """What people ask about deployments; one is named by `flow/deployment` or by its id."""

    def __init__(self, opened: Connection) -> None:
        self._opened = opened
        self._deployments = DeploymentServiceStub(opened.scheduler)

    async def all(
        self,
        *,
        flows: Sequence[str] = (),
        pools: Sequence[str] = (),
        tags: Sequence[str] = (),
        name: str = "",
        full: bool = False,
    ) -> list[Plain]:
        """Return those of one of these flows, pools and tags, with this text in the name."""
        request = services.ListDeploymentsRequest(
            namespace=self._opened.namespace,
            filter=DeploymentFilter(
                flow_names=flows, work_pools=pools, tags=tags, name_contains=name
            ),
            view=VIEW_FULL if full else VIEW_BASIC,
        )
        return await every(self._deployments.ListDeployments, request, "deployments")

    async def run(
        self,
        name: str,
        *,
        parameters: Mapping[str, Any],
        flow_run_name: str = "",
        tags: Sequence[str] = (),
    ) -> Plain:
        """Make a run, due now, and return its id and name."""
        request = services.RunDeploymentRequest(
            request_id=new_id(),
            namespace=self._opened.namespace,
            deployment=_ref(name),
            parameters=await self._payloads(parameters),
            flow_run_name=flow_run_name,
            tags=tags,
        )
        with named_errors():
            return plain(await self._deployments.RunDeployment(request))

    async def delete(self, name: str, *, cancel: bool) -> Plain:
        """Delete a deployment, and return it and how many runs were cancelled for it."""
        request = services.DeleteDeploymentRequest(
            request_id=new_id(),
            namespace=self._opened.namespace,
            deployment=_ref(name),
            cancel=cancel,
        )
        with named_errors():
            return plain(await self._deployments.DeleteDeployment(request))

    async def _payloads(self, parameters: Mapping[str, Any]) -> dict[str, Payload]:
        encoded = {name: _encoded(name, value) for name, value in parameters.items()}
        return await PayloadCodec(self._opened).parameters(encoded)


class WorkPools:
    """What people ask about work pools and those who serve them."""

    def __init__(self, opened: Connection) -> None:
        self._pools = WorkPoolServiceStub(opened.scheduler)
        self._workers = WorkerServiceStub(opened.scheduler)
        self._namespace = opened.namespace

    async def all(self) -> list[Plain]:
        request = pools.ListWorkPoolsRequest(namespace=self._namespace)
        return await every(self._pools.ListWorkPools, request, "work_pools")

    async def create(self, name: str, *, pool_type: str, description: str) -> Plain:
        request = pools.CreateWorkPoolRequest(
            request_id=new_id(),
            namespace=self._namespace,
            name=name,
            pool_type=pool_type,
            description=description,
        )
        with named_errors():
            return plain((await self._pools.CreateWorkPool(request)).work_pool)

    async def delete(self, name: str) -> Plain:
        """Delete a pool, and return it as it was."""
        request = pools.DeleteWorkPoolRequest(
            request_id=new_id(), namespace=self._namespace, work_pool=WorkPoolRef(name=name)
        )
        with named_errors():
            return plain((await self._pools.DeleteWorkPool(request)).work_pool)

    async def workers(self, pool: str, *, alive_only: bool) -> list[Plain]:
        """Return the workers of a pool, newest first."""
        with named_errors():
            await self._pools.GetWorkPool(
                pools.GetWorkPoolRequest(
                    namespace=self._namespace, work_pool=WorkPoolRef(name=pool)
                )
            )
        request = servants.ListWorkersRequest(
            namespace=self._namespace,
            filter=WorkerFilter(work_pools=[pool], alive_only=alive_only),
        )
        return await every(self._workers.ListWorkers, request, "workers")


def _encoded(name: str, value: Any) -> EncodedPayload:
    encoded = encode(value)
    if encoded is None or encoded.content_type != JSON:
        raise InvalidArgument(f"parameter {name!r} is too deep or too large for JSON")
    return encoded


def _ref(name: str) -> DeploymentRef:
    try:
        return DeploymentRef(id=str(UUID(name)))
    except ValueError:
        return DeploymentRef(name=name)
