"""FlowService."""

from typing import Any
from uuid import UUID

import grpc

from penstock.api.state.v1 import flow_pb2
from penstock.api.state.v1 import flow_service_pb2 as pb
from penstock.api.state.v1.flow_service_pb2_grpc import (
    FlowServiceServicer,
    add_FlowServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.keys import TEXT
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.pages import page_of
from penstockd.chassis.wire.times import put_time
from penstockd.state.rules.flow import Flow
from penstockd.state.store.ports.flow import FlowFilter
from penstockd.state.usecases.flow import Flows


class FlowServicer(FlowServiceServicer):
    def __init__(self, flows: Flows) -> None:
        self._flows = flows

    def add_to(self, server: grpc.aio.Server) -> None:
        add_FlowServiceServicer_to_server(self, server)

    async def GetFlow(self, request: pb.GetFlowRequest, context: object) -> pb.GetFlowResponse:
        flow = await self._flows.get(request.namespace, _ref(request.flow))
        return pb.GetFlowResponse(flow=_to_proto(flow))

    async def ListFlows(
        self, request: pb.ListFlowsRequest, context: object
    ) -> pb.ListFlowsResponse:
        page = page_of(request, TEXT)
        found = await self._flows.page(
            request.namespace,
            FlowFilter(
                names=tuple(request.filter.names),
                name_contains=request.filter.name_contains,
            ),
            after=page.after or "",
            limit=page.limit,
        )
        shown, token = page.cut(found, _to_proto, key=lambda flow: flow.name)
        return pb.ListFlowsResponse(flows=shown, next_page_token=token)

    async def DeleteFlow(
        self, request: pb.DeleteFlowRequest, context: Any
    ) -> pb.DeleteFlowResponse:
        answer = await self._flows.delete(
            intent_of(request),
            _ref(request.flow),
            render=lambda flow: packed(pb.DeleteFlowResponse(flow=_to_proto(flow))),
        )
        tell_replay(context, answer)
        return pb.DeleteFlowResponse.FromString(answer.response)


def _ref(message: flow_pb2.FlowRef) -> UUID | str:
    return message.name if message.HasField("name") else uuid_of(message.id, "flow.id")


def _to_proto(flow: Flow) -> flow_pb2.Flow:
    message = flow_pb2.Flow(id=str(flow.id), namespace=flow.namespace, name=flow.name)
    put_time(message.create_time, flow.create_time)
    return message
