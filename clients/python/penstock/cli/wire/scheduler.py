"""Deployments, work pools and workers, as the scheduler knows them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import grpc

from penstock.api.scheduler.v1 import deployment_service_pb2 as services
from penstock.api.scheduler.v1 import work_pool_service_pb2 as pools
from penstock.api.scheduler.v1 import work_service_pb2 as works
from penstock.api.scheduler.v1.deployment_pb2 import DeploymentRef
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceStub
from penstock.api.scheduler.v1.work_service_pb2_grpc import WorkServiceStub
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.cli.services import here
from penstock.cli.wire.plain import JSON, Plain, plain
from penstock.engine.ids import new_id
from penstock.wire_errors import named_errors

LARGEST_PAGE = 200


def deployments() -> Deployments:
    opened = here()
    return Deployments(opened.scheduler, opened.namespace)


def work_pools() -> WorkPools:
    opened = here()
    return WorkPools(opened.scheduler, opened.namespace)


class Deployments:
    """What people ask about deployments."""

    def __init__(self, channel: grpc.aio.Channel, namespace: str) -> None:
        self._deployments = DeploymentServiceStub(channel)
        self._namespace = namespace

    async def all(self, *, flow: str = "") -> list[Plain]:
        request = services.ListDeploymentsRequest(
            namespace=self._namespace, flow_name=flow, page_size=LARGEST_PAGE
        )
        found: list[Plain] = []
        while True:
            with named_errors():
                page = await self._deployments.ListDeployments(request)
            found += map(plain, page.deployments)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

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
            namespace=self._namespace,
            deployment=DeploymentRef(name=name),
            parameters=Payload(content_type=JSON, inline=json.dumps(parameters).encode()),
            flow_run_name=flow_run_name,
            tags=tags,
        )
        with named_errors():
            return plain(await self._deployments.RunDeployment(request))


class WorkPools:
    """What people ask about work pools and those who serve them."""

    def __init__(self, channel: grpc.aio.Channel, namespace: str) -> None:
        self._pools = WorkPoolServiceStub(channel)
        self._works = WorkServiceStub(channel)
        self._namespace = namespace

    async def all(self) -> list[Plain]:
        request = pools.ListWorkPoolsRequest(namespace=self._namespace, page_size=LARGEST_PAGE)
        found: list[Plain] = []
        while True:
            with named_errors():
                page = await self._pools.ListWorkPools(request)
            found += map(plain, page.work_pools)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    async def create(self, name: str, *, type: str, description: str) -> Plain:
        request = pools.CreateWorkPoolRequest(
            request_id=new_id(),
            namespace=self._namespace,
            name=name,
            type=type,
            description=description,
        )
        with named_errors():
            return plain((await self._pools.CreateWorkPool(request)).work_pool)

    async def workers(self, *, alive_only: bool) -> list[Plain]:
        request = works.ListWorkersRequest(
            namespace=self._namespace, alive_only=alive_only, page_size=LARGEST_PAGE
        )
        with named_errors():
            answer = await self._works.ListWorkers(request)
        return [plain(each) for each in answer.workers]
