"""DeploymentService: protobuf in, protobuf out."""

from typing import Any

import grpc

from penstock.api.scheduler.v1 import deployment_pb2
from penstock.api.scheduler.v1 import deployment_service_pb2 as pb
from penstock.api.scheduler.v1.deployment_service_pb2_grpc import (
    DeploymentServiceServicer,
    add_DeploymentServiceServicer_to_server,
)
from penstock.api.type.v1 import view_pb2
from penstockd.chassis.wire.fields import uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.keys import TEXT, pair
from penstockd.chassis.wire.messages import fitted, packed
from penstockd.chassis.wire.pages import page_of
from penstockd.chassis.wire.payloads import (
    optional_payload,
    payload_from_proto,
    payload_to_proto,
)
from penstockd.chassis.wire.times import optional_time, put_time
from penstockd.scheduler.peers import CreatedRun
from penstockd.scheduler.rules.deployment import Deployment, DeploymentFilter, DeploymentRef
from penstockd.scheduler.rules.view import View
from penstockd.scheduler.run_spec_wire import deployable_spec_of, put_run_spec
from penstockd.scheduler.usecases.deployment import Deployments, Draft
from penstockd.scheduler.usecases.deployment_deletion import DeploymentDeletions
from penstockd.scheduler.usecases.deployment_run import DeploymentRuns, Wish


class DeploymentServicer(DeploymentServiceServicer):
    def __init__(
        self, deployments: Deployments, runs: DeploymentRuns, deletions: DeploymentDeletions
    ) -> None:
        self._deployments = deployments
        self._runs = runs
        self._deletions = deletions

    def add_to(self, server: grpc.aio.Server) -> None:
        add_DeploymentServiceServicer_to_server(self, server)

    async def ApplyDeployment(
        self, request: pb.ApplyDeploymentRequest, context: Any
    ) -> pb.ApplyDeploymentResponse:
        draft = Draft(
            name=request.name,
            spec=deployable_spec_of(request.spec, "spec"),
            parameter_schema=optional_payload(request, "parameter_schema"),
            description=request.description,
            expected_revision=request.expected_revision,
        )
        answer = await self._deployments.apply(
            intent_of(request),
            draft,
            render=lambda it: packed(pb.ApplyDeploymentResponse(deployment=_to_proto(it))),
        )
        tell_replay(context, answer)
        return pb.ApplyDeploymentResponse.FromString(answer.response)

    async def GetDeployment(
        self, request: pb.GetDeploymentRequest, context: object
    ) -> pb.GetDeploymentResponse:
        ref = _ref_from_proto(request.deployment)
        found = await self._deployments.get(request.namespace, ref)
        return pb.GetDeploymentResponse(deployment=fitted(_to_proto(found)))

    async def ListDeployments(
        self, request: pb.ListDeploymentsRequest, context: object
    ) -> pb.ListDeploymentsResponse:
        page = page_of(request, pair(TEXT, TEXT))
        found = await self._deployments.page(
            request.namespace,
            _filter_from_proto(request.filter),
            after=page.after or ("", ""),
            limit=page.limit,
            view=View.FULL if request.view == view_pb2.View.VIEW_FULL else View.BASIC,
        )
        shown, token = page.cut(
            found, _to_proto, key=lambda each: (each.spec.flow_name, each.name)
        )
        return pb.ListDeploymentsResponse(deployments=shown, next_page_token=token)

    async def RunDeployment(
        self, request: pb.RunDeploymentRequest, context: Any
    ) -> pb.RunDeploymentResponse:
        wish = Wish(
            deployment=_ref_from_proto(request.deployment),
            parameters={
                name: payload_from_proto(each) for name, each in request.parameters.items()
            },
            flow_run_name=request.flow_run_name,
            tags=tuple(request.tags),
            labels=dict(request.labels),
            expected_start_time=optional_time(request, "expected_start_time"),
            idempotency_key=request.idempotency_key,
        )
        answer = await self._runs.run(intent_of(request), wish, render=_render_run)
        tell_replay(context, answer)
        return pb.RunDeploymentResponse.FromString(answer.response)

    async def DeleteDeployment(
        self, request: pb.DeleteDeploymentRequest, context: Any
    ) -> pb.DeleteDeploymentResponse:
        answer = await self._deletions.delete(
            intent_of(request),
            _ref_from_proto(request.deployment),
            cancel=request.cancel,
            render=_render_deleted,
        )
        tell_replay(context, answer)
        return pb.DeleteDeploymentResponse.FromString(answer.response)


def _ref_from_proto(message: deployment_pb2.DeploymentRef) -> DeploymentRef:
    if message.WhichOneof("key") == "id":
        return DeploymentRef(id=uuid_of(message.id, "deployment.id"))
    flow_name, _, name = message.name.partition("/")
    return DeploymentRef(flow_name=flow_name, name=name)


def _filter_from_proto(message: deployment_pb2.DeploymentFilter) -> DeploymentFilter:
    return DeploymentFilter(
        flow_names=tuple(message.flow_names),
        work_pools=tuple(message.work_pools),
        tags=tuple(message.tags),
        name_contains=message.name_contains,
    )


def _to_proto(deployment: Deployment) -> deployment_pb2.Deployment:
    message = deployment_pb2.Deployment(
        id=str(deployment.id),
        namespace=deployment.namespace,
        name=deployment.name,
        version=deployment.version,
        description=deployment.description,
        revision=deployment.revision,
    )
    put_run_spec(message.spec, deployment.spec)
    if deployment.parameter_schema is not None:
        message.parameter_schema.CopyFrom(payload_to_proto(deployment.parameter_schema))
    put_time(message.create_time, deployment.create_time)
    put_time(message.update_time, deployment.update_time)
    return message


def _render_run(run: CreatedRun) -> bytes:
    return packed(
        pb.RunDeploymentResponse(
            flow_run_id=str(run.id),
            flow_run_name=run.name,
            deployment_version=run.deployment_version,
            created=run.is_new,
            watch_cursor=run.watch_cursor,
        )
    )


def _render_deleted(deployment: Deployment, cancelled: int) -> bytes:
    return packed(
        pb.DeleteDeploymentResponse(deployment=_to_proto(deployment), cancelled_runs=cancelled)
    )
