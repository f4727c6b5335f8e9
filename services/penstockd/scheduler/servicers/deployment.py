"""DeploymentService: protobuf in, protobuf out."""

import grpc

from penstock.api.scheduler.v1 import deployment_pb2
from penstock.api.scheduler.v1 import deployment_service_pb2 as pb
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import (
    DeploymentServiceServicer,
    add_DeploymentServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import uuid_of
from penstockd.chassis.wire.intents import intent_of
from penstockd.chassis.wire.pages import TEXT, page_of, pair
from penstockd.chassis.wire.payloads import json_payload, optional_payload
from penstockd.chassis.wire.times import (
    duration_from_proto,
    duration_to_proto,
    optional_time,
    put_time,
)
from penstockd.scheduler.launch_wire import launch_from_proto, launch_to_proto
from penstockd.scheduler.peers import CreatedRun
from penstockd.scheduler.rules.deployment import Deployment, DeploymentRef, DeploymentSpec
from penstockd.scheduler.usecases.deployment import Deployments, judged_spec
from penstockd.scheduler.usecases.deployment_run import DeploymentRuns, Wish

EMPTY = "{}"


class DeploymentServicer(DeploymentServiceServicer):
    def __init__(self, deployments: Deployments, runs: DeploymentRuns) -> None:
        self._deployments = deployments
        self._runs = runs

    def add_to(self, server: grpc.aio.Server) -> None:
        add_DeploymentServiceServicer_to_server(self, server)

    async def ApplyDeployment(
        self, request: pb.ApplyDeploymentRequest, context: object
    ) -> pb.ApplyDeploymentResponse:
        answer = await self._deployments.apply(
            intent_of(request),
            flow_name=request.flow_name,
            name=request.name,
            spec=_spec_from_proto(request.spec),
            render=_render_applied,
        )
        return pb.ApplyDeploymentResponse.FromString(answer)

    async def GetDeployment(
        self, request: pb.GetDeploymentRequest, context: object
    ) -> pb.GetDeploymentResponse:
        ref = _ref_from_proto(request.deployment)
        found = await self._deployments.get(request.namespace, ref)
        return pb.GetDeploymentResponse(deployment=_to_proto(found))

    async def ListDeployments(
        self, request: pb.ListDeploymentsRequest, context: object
    ) -> pb.ListDeploymentsResponse:
        page = page_of(request, pair(TEXT, TEXT))
        found = await self._deployments.page(
            request.namespace,
            request.flow_name,
            after=page.after or ("", ""),
            limit=page.limit,
        )
        shown, token = page.cut(found, _to_proto, key=lambda each: (each.flow_name, each.name))
        return pb.ListDeploymentsResponse(deployments=shown, next_page_token=token)

    async def RunDeployment(
        self, request: pb.RunDeploymentRequest, context: object
    ) -> pb.RunDeploymentResponse:
        wish = Wish(
            deployment=_ref_from_proto(request.deployment),
            parameters=optional_payload(request, "parameters"),
            flow_run_name=request.flow_run_name,
            tags=tuple(request.tags),
            expected_start_time=optional_time(request, "expected_start_time"),
            idempotency_key=request.idempotency_key,
        )
        answer = await self._runs.run(intent_of(request), wish, render=_render_run)
        return pb.RunDeploymentResponse.FromString(answer)


def _ref_from_proto(message: deployment_pb2.DeploymentRef) -> DeploymentRef:
    if message.WhichOneof("ref") == "id":
        return DeploymentRef(id=uuid_of(message.id, "deployment.id"))
    flow_name, _, name = message.name.partition("/")
    return DeploymentRef(flow_name=flow_name, name=name)


def _spec_from_proto(message: deployment_pb2.DeploymentSpec) -> DeploymentSpec:
    spec = DeploymentSpec(
        launch=launch_from_proto(message.launch),
        flow_version=message.flow_version,
        work_pool=message.work_pool,
        work_queue=message.work_queue,
        tags=tuple(message.tags),
        description=message.description,
        max_retries=message.max_retries,
        retry_delays=tuple(
            duration_from_proto(each, "spec.retry_delays") for each in message.retry_delays
        ),
    )
    return judged_spec(
        spec,
        parameters=optional_payload(message, "parameters"),
        parameter_schema=optional_payload(message, "parameter_schema"),
    )


def _to_proto(deployment: Deployment) -> deployment_pb2.Deployment:
    message = deployment_pb2.Deployment(
        id=str(deployment.id),
        namespace=deployment.namespace,
        flow_name=deployment.flow_name,
        name=deployment.name,
        version=deployment.version,
        spec=_spec_to_proto(deployment.spec),
    )
    put_time(message.create_time, deployment.create_time)
    put_time(message.update_time, deployment.update_time)
    return message


def _spec_to_proto(spec: DeploymentSpec) -> deployment_pb2.DeploymentSpec:
    message = deployment_pb2.DeploymentSpec(
        launch=launch_to_proto(spec.launch),
        flow_version=spec.flow_version,
        work_pool=spec.work_pool,
        work_queue=spec.work_queue,
        tags=spec.tags,
        description=spec.description,
        max_retries=spec.max_retries,
    )
    if spec.parameters != EMPTY:
        message.parameters.CopyFrom(json_payload(spec.parameters))
    if spec.parameter_schema != EMPTY:
        message.parameter_schema.CopyFrom(json_payload(spec.parameter_schema))
    message.retry_delays.extend(map(duration_to_proto, spec.retry_delays))
    return message


def _render_applied(deployment: Deployment) -> bytes:
    return pb.ApplyDeploymentResponse(deployment=_to_proto(deployment)).SerializeToString()


def _render_run(run: CreatedRun) -> bytes:
    return pb.RunDeploymentResponse(
        flow_run_id=str(run.id),
        flow_run_name=run.name,
        deployment_version=run.deployment_version,
    ).SerializeToString()
