"""ExecutionService: protobuf in, protobuf out. Nothing is decided here."""

from collections.abc import AsyncIterator

import grpc

from penstock.api.executor.v1 import execution_pb2
from penstock.api.executor.v1 import execution_service_pb2 as pb
from penstock.api.executor.v1.execution_service_pb2_grpc import (
    ExecutionServiceServicer,
    add_ExecutionServiceServicer_to_server,
)
from penstock.api.type.v1.lease_pb2 import LeaseRef
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstockd.chassis.wire.fields import optional_uuid, uuid_of
from penstockd.chassis.wire.keys import ID
from penstockd.chassis.wire.messages import parts
from penstockd.chassis.wire.pages import page_of
from penstockd.executor.rules.execution import Execution, ExecutionPhase
from penstockd.executor.usecases.execution import Executions


class ExecutionServicer(ExecutionServiceServicer):
    def __init__(self, executions: Executions) -> None:
        self._executions = executions

    def add_to(self, server: grpc.aio.Server) -> None:
        add_ExecutionServiceServicer_to_server(self, server)

    async def ListExecutions(
        self, request: pb.ListExecutionsRequest, context: object
    ) -> pb.ListExecutionsResponse:
        page = page_of(request, ID)
        found = await self._executions.page(
            request.namespace,
            active_only=request.active_only,
            before=page.after,
            limit=page.limit,
        )
        shown, token = page.cut(found.executions, execution_to_proto, key=lambda it: it.id)
        return pb.ListExecutionsResponse(
            executions=shown, next_page_token=token, watch_cursor=found.watch_cursor
        )

    async def GetExecution(
        self, request: pb.GetExecutionRequest, context: object
    ) -> pb.GetExecutionResponse:
        execution_id = uuid_of(request.execution_id, "execution_id")
        execution = await self._executions.get(request.namespace, execution_id)
        return pb.GetExecutionResponse(execution=execution_to_proto(execution))

    async def WatchExecutions(
        self, request: pb.WatchExecutionsRequest, context: object
    ) -> AsyncIterator[pb.WatchExecutionsResponse]:
        before = request.cursor
        only = optional_uuid(request.execution_id, "execution_id")
        async for cursor, changes in self._executions.watch(
            request.namespace, before, execution_id=only
        ):
            for last, part in parts([execution_to_proto(it) for it in changes]):
                # A cursor stands for all that its batch carried.
                yield pb.WatchExecutionsResponse(
                    cursor=cursor if last else before, changes=part
                )
            before = cursor

    async def StopExecution(
        self, request: pb.StopExecutionRequest, context: object
    ) -> pb.StopExecutionResponse:
        execution_id = uuid_of(request.execution_id, "execution_id")
        execution = await self._executions.stop(request.namespace, execution_id)
        return pb.StopExecutionResponse(execution=execution_to_proto(execution))


def execution_to_proto(execution: Execution) -> execution_pb2.Execution:
    message = execution_pb2.Execution(
        id=str(execution.id),
        namespace=execution.namespace,
        run=RunRef(flow_run_id=str(execution.flow_run_id)),
        lease=LeaseRef(lease_id=str(execution.id), fence=execution.lease.fence),
        phase=_phase_to_proto(execution.phase),
        runtime=execution.runtime,
        handle=execution.handle,
        exit_code=execution.exit_code,
        message=execution.message,
        captured_size=execution.captured_size,
        revision=execution.revision,
    )
    message.start_time.FromDatetime(execution.start_time)
    if execution.end_time is not None:
        message.end_time.FromDatetime(execution.end_time)
    return message


def _phase_to_proto(phase: ExecutionPhase) -> execution_pb2.ExecutionPhase.ValueType:
    return execution_pb2.ExecutionPhase.Value(f"EXECUTION_PHASE_{phase}")
