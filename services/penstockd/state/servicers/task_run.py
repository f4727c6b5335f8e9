"""TaskRunService."""

from collections.abc import AsyncIterator

import grpc

from penstock.api.state.v1 import task_run_pb2
from penstock.api.state.v1 import task_run_service_pb2 as pb
from penstock.api.state.v1.task_run_service_pb2_grpc import (
    TaskRunServiceServicer,
    add_TaskRunServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import text_of, uuid_of
from penstockd.chassis.wire.messages import parts
from penstockd.chassis.wire.pages import NUMBER, page_of
from penstockd.chassis.wire.times import put_time
from penstockd.state.rules.task_run import TaskRun
from penstockd.state.servicers.journal import task_runs_named
from penstockd.state.servicers.values import cause_number, put_state
from penstockd.state.usecases.task_run import TaskRuns


class TaskRunServicer(TaskRunServiceServicer):
    def __init__(self, task_runs: TaskRuns) -> None:
        self._task_runs = task_runs

    def add_to(self, server: grpc.aio.Server) -> None:
        add_TaskRunServiceServicer_to_server(self, server)

    async def GetTaskRun(
        self, request: pb.GetTaskRunRequest, context: object
    ) -> pb.GetTaskRunResponse:
        task_run_id = uuid_of(request.task_run_id, "task_run_id")
        task_run = await self._task_runs.get(request.namespace, task_run_id)
        return pb.GetTaskRunResponse(task_run=_to_proto(task_run))

    async def ListTaskRuns(
        self, request: pb.ListTaskRunsRequest, context: object
    ) -> pb.ListTaskRunsResponse:
        page = page_of(request, NUMBER)
        cursor, found = await self._task_runs.page(
            request.namespace,
            uuid_of(request.flow_run_id, "flow_run_id"),
            after=page.after or 0,
            limit=page.limit,
        )
        shown, token = page.cut(found, _to_proto, key=lambda it: it.place)
        return pb.ListTaskRunsResponse(
            task_runs=shown, next_page_token=token, watch_cursor=cursor
        )

    async def WatchTaskRuns(
        self, request: pb.WatchTaskRunsRequest, context: object
    ) -> AsyncIterator[pb.WatchTaskRunsResponse]:
        before = request.cursor
        async for cursor, task_runs in self._task_runs.watch(
            request.namespace,
            before,
            flow_run_id=uuid_of(request.flow_run_id, "flow_run_id"),
            unpack=task_runs_named,
        ):
            changes = [_to_proto(it) for it in task_runs]
            for last, part in parts(changes):
                yield pb.WatchTaskRunsResponse(cursor=cursor if last else before, changes=part)
            before = cursor


def _to_proto(task_run: TaskRun) -> task_run_pb2.TaskRun:
    called, progress = task_run.called, task_run.progress
    message = task_run_pb2.TaskRun(
        id=str(called.task_run_id),
        namespace=task_run.namespace,
        flow_run_id=str(task_run.flow_run_id),
        name=called.name,
        task_name=called.task_name,
        epoch=task_run.epoch,
        parent_task_run_id=text_of(called.parent_task_run_id),
        upstream_task_run_ids=called.upstream_task_run_ids,
        tags=called.tags,
        has_rollback_hook=called.has_rollback_hook,
        attempt=progress.attempt,
        attempt_cause=cause_number(progress.attempt_cause),
        revision=progress.revision,
    )
    step = message.step
    step.task_key, step.occurrence = called.task_key, called.occurrence
    step.source_digest, step.input_digest = called.source_digest, called.input_digest
    put_state(message.state, progress.state)
    if progress.result:
        message.result.ParseFromString(progress.result)
    put_time(message.create_time, called.state.time)
    put_time(message.start_time, progress.start_time)
    put_time(message.end_time, progress.end_time)
    return message
