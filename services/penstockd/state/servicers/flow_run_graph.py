"""FlowRunGraphService."""

from collections.abc import AsyncIterator

import grpc

from penstock.api.state.v1 import flow_run_graph_service_pb2 as pb
from penstock.api.state.v1.flow_run_graph_service_pb2_grpc import (
    FlowRunGraphServiceServicer,
    add_FlowRunGraphServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import uuid_of
from penstockd.state.servicers.flow_run_graph_wire import GraphPacker
from penstockd.state.usecases.flow_run_graph import FlowRunGraphs


class FlowRunGraphServicer(FlowRunGraphServiceServicer):
    def __init__(self, graphs: FlowRunGraphs) -> None:
        self._graphs = graphs

    def add_to(self, server: grpc.aio.Server) -> None:
        add_FlowRunGraphServiceServicer_to_server(self, server)

    async def GetFlowRunGraph(
        self, request: pb.GetFlowRunGraphRequest, context: object
    ) -> AsyncIterator[pb.GetFlowRunGraphResponse]:
        packer, cursor = None, ""
        parts = self._graphs.parts(
            request.namespace, uuid_of(request.flow_run_id, "flow_run_id")
        )
        async for part in parts:
            if packer is None:
                packer, cursor = GraphPacker(part.create_time), part.watch_cursor
            for batch in packer.batches(part.nodes):
                batch.watch_cursor, cursor = cursor, ""
                yield batch
