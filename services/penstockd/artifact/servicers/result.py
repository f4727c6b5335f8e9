"""ResultService: protobuf in, protobuf out. Nothing is decided here."""

from typing import Any
from uuid import UUID

import grpc

from penstock import telemetry
from penstock.api.artifact.v1 import result_pb2
from penstock.api.artifact.v1 import result_service_pb2 as pb
from penstock.api.artifact.v1.result_service_pb2_grpc import (
    ResultServiceServicer,
    add_ResultServiceServicer_to_server,
)
from penstock.api.type.v1 import lease_pb2, run_ref_pb2
from penstock.errors import NotSupportedYet
from penstockd.artifact.rules.result import LeaseRef, Result
from penstockd.artifact.usecases.result import Publication, Results
from penstockd.chassis.trace_context import callers_traceparent
from penstockd.chassis.wire.fields import uuid_of
from penstockd.chassis.wire.intents import intent_of
from penstockd.chassis.wire.payloads import payload_from_proto, payload_to_proto
from penstockd.chassis.wire.times import put_time


class ResultServicer(ResultServiceServicer):
    def __init__(self, results: Results) -> None:
        self._results = results

    def add_to(self, server: grpc.aio.Server) -> None:
        add_ResultServiceServicer_to_server(self, server)

    async def PublishResult(
        self, request: pb.PublishResultRequest, context: Any
    ) -> pb.PublishResultResponse:
        answer = await self._results.publish(
            intent_of(request),
            # The caller's trace is kept even while this process exports none.
            _publication(
                request,
                traceparent=telemetry.current_traceparent() or callers_traceparent(context),
            ),
            render=_render,
        )
        return pb.PublishResultResponse.FromString(answer)

    async def GetResult(
        self, request: pb.GetResultRequest, context: object
    ) -> pb.GetResultResponse:
        result = await self._results.get(
            request.namespace, uuid_of(request.result_id, "result_id")
        )
        return pb.GetResultResponse(result=_to_proto(result))


def _publication(request: pb.PublishResultRequest, *, traceparent: str) -> Publication:
    return Publication(
        result_id=uuid_of(request.result_id, "result_id"),
        flow_run_id=_flow_run_id(request.run),
        lease=LeaseRef(
            lease_id=uuid_of(request.lease.lease_id, "lease.lease_id"),
            fence=request.lease.fence,
        ),
        payload=payload_from_proto(request.payload),
        traceparent=traceparent,
    )


def _flow_run_id(run: run_ref_pb2.RunRef) -> UUID:
    if run.WhichOneof("run") == "task_run_id":
        raise NotSupportedYet(
            "run.task_run_id: only flow runs publish results so far", field="run.task_run_id"
        )
    return uuid_of(run.flow_run_id, "run.flow_run_id")


def _render(result: Result) -> bytes:
    return pb.PublishResultResponse(result=_to_proto(result)).SerializeToString()


def _to_proto(result: Result) -> result_pb2.Result:
    message = result_pb2.Result(
        id=str(result.id),
        namespace=result.namespace,
        run=run_ref_pb2.RunRef(flow_run_id=str(result.flow_run_id)),
        lease=lease_pb2.LeaseRef(lease_id=str(result.lease.lease_id), fence=result.lease.fence),
        payload=payload_to_proto(result.payload),
        traceparent=result.traceparent,
    )
    put_time(message.create_time, result.create_time)
    return message
