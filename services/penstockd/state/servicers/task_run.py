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
from penstockd.chassis.wire.keys import NUMBER
from penstockd.chassis.wire.messages import fitted, parts
from penstockd.chassis.wire.pages import page_of
from penstockd.chassis.wire.times import put_time
from penstockd.state.rules.task_run import Called, Progress, TaskRun
from penstockd.state.rules.task_run_filter import TaskRunFilter
from penstockd.state.rules.view import View
from penstockd.state.servicers.values import (
    cause_number,
    leave_out_of_failure,
    put_state,
    state_type_of,
    tag_filter_of,
    view_of,
)
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
        cursor, task_run = await self._task_runs.get(request.namespace, task_run_id)
        return pb.GetTaskRunResponse(
            task_run=fitted(task_run_to_proto(task_run, View.FULL)), watch_cursor=cursor
        )

    async def ListTaskRuns(
        self, request: pb.ListTaskRunsRequest, context: object
    ) -> pb.ListTaskRunsResponse:
        page, view = page_of(request, NUMBER), view_of(request.view)
        cursor, found = await self._task_runs.page(
            request.namespace,
            uuid_of(request.flow_run_id, "flow_run_id"),
            _filter_of(request.filter),
            after=page.after or 0,
            limit=page.limit,
        )
        shown, token = page.cut(
            found, lambda it: task_run_to_proto(it, view), key=lambda it: it.position
        )
        return pb.ListTaskRunsResponse(
            task_runs=shown, next_page_token=token, watch_cursor=cursor
        )

    async def WatchTaskRuns(
        self, request: pb.WatchTaskRunsRequest, context: object
    ) -> AsyncIterator[pb.WatchTaskRunsResponse]:
        before, view = request.cursor, view_of(request.view)
        async for cursor, task_runs in self._task_runs.watch(
            request.namespace,
            uuid_of(request.flow_run_id, "flow_run_id"),
            _filter_of(request.filter),
            cursor=before,
        ):
            changes = [task_run_to_proto(it, view) for it in task_runs]
            for last, part in parts(changes):
                yield pb.WatchTaskRunsResponse(cursor=cursor if last else before, changes=part)
            before = cursor


def _filter_of(message: task_run_pb2.TaskRunFilter) -> TaskRunFilter:
    return TaskRunFilter(
        task_run_ids=tuple(uuid_of(it, "filter.task_run_ids") for it in message.task_run_ids),
        task_names=tuple(message.task_names),
        state_types=tuple(
            state_type_of(it, "filter.state_types") for it in message.state_types
        ),
        state_names=tuple(message.state_names),
        tags=tag_filter_of(message.tags),
    )


def task_run_to_proto(task_run: TaskRun, view: View) -> task_run_pb2.TaskRun:
    message = task_run_pb2.TaskRun(
        namespace=task_run.namespace,
        flow_run_id=str(task_run.flow_run_id),
        epoch=task_run.epoch,
    )
    _put_called(message, task_run.called)
    _put_progress(message, task_run.progress)
    if view is View.BASIC:
        message.ClearField("result")
        message.ClearField("inputs")
        if message.HasField("failure"):
            leave_out_of_failure(message.failure)
    return message


def _put_called(message: task_run_pb2.TaskRun, called: Called) -> None:
    message.id, message.name = str(called.task_run_id), called.name
    message.task_name = called.task_name
    message.parent_task_run_id = text_of(called.parent_task_run_id)
    message.tags.extend(called.tags)
    message.has_rollback_hook = called.has_rollback_hook
    step = message.step
    step.task_key, step.occurrence = called.task_key, called.occurrence
    step.source_digest, step.input_digest = called.source_digest, called.input_digest
    put_time(message.create_time, called.state.time)
    message.MergeFromString(called.upstream)
    message.MergeFromString(called.inputs)


def _put_progress(message: task_run_pb2.TaskRun, progress: Progress) -> None:
    put_state(message.state, progress.state)
    message.attempt, message.revision = progress.attempt, progress.revision
    message.attempt_cause = cause_number(progress.attempt_cause)
    put_time(message.start_time, progress.start_time)
    put_time(message.end_time, progress.end_time)
    if progress.result:
        message.result.ParseFromString(progress.result)
    if progress.failure:
        message.failure.ParseFromString(progress.failure)
