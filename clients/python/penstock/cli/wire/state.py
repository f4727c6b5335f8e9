"""Flow runs, their tasks and their history, as the state service knows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import grpc
from google.protobuf.duration_pb2 import Duration

from penstock.api.state.v1 import flow_run_filter_pb2 as filters
from penstock.api.state.v1 import flow_run_service_pb2 as runs
from penstock.api.state.v1 import task_run_service_pb2 as tasks
from penstock.api.state.v1 import transition_service_pb2 as history
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.state_pb2 import StateType
from penstock.api.state.v1.task_run_service_pb2_grpc import TaskRunServiceStub
from penstock.api.state.v1.transition_service_pb2_grpc import TransitionServiceStub
from penstock.api.type.v1.view_pb2 import VIEW_BASIC, VIEW_FULL, View
from penstock.cli.selecting import Selection
from penstock.cli.services import here
from penstock.client.pages import LARGEST_PAGE, every, pages
from penstock.client.rows import Plain, plain
from penstock.errors import Unavailable
from penstock.ground.ids import new_id
from penstock.wire_errors import named_errors


def flow_runs(*, full: bool = False) -> FlowRuns:
    """Ask about flow runs; only in full do lists and watches have what may be large."""
    opened = here()
    return FlowRuns(opened.state, opened.namespace, VIEW_FULL if full else VIEW_BASIC)


class WatchBatch(NamedTuple):
    """What a watch saw at once, and the cursor to go on after it."""

    cursor: str
    changes: list[Plain]


class FlowRuns:
    """What people ask about flow runs."""

    def __init__(self, channel: grpc.aio.Channel, namespace: str, view: View.ValueType) -> None:
        self._runs = FlowRunServiceStub(channel)
        self._tasks = TaskRunServiceStub(channel)
        self._history = TransitionServiceStub(channel)
        self._namespace = namespace
        self._view = view

    async def newest(self, selection: Selection, *, limit: int) -> list[Plain]:
        """Return the newest runs, at most `limit`."""
        request = runs.ListFlowRunsRequest(
            namespace=self._namespace,
            filter=_filter(selection),
            page_size=min(limit, LARGEST_PAGE),
            view=self._view,
        )
        found: list[Plain] = []
        async for page in pages(self._runs.ListFlowRuns, request):
            found += map(plain, page.flow_runs)
            if len(found) >= limit:
                break
        return found[:limit]

    async def counts(
        self, selection: Selection, groups: Sequence[str], *, bucket: timedelta | None
    ) -> list[Plain]:
        """Return how many runs there are of each kind."""
        request = runs.CountFlowRunsRequest(
            namespace=self._namespace,
            filter=_filter(selection),
            group_by=[filters.FlowRunGroup.Value(f"FLOW_RUN_GROUP_{it}") for it in groups],
        )
        if bucket is not None:
            request.bucket.CopyFrom(Duration(seconds=int(bucket.total_seconds())))
        with named_errors():
            return [plain(each) for each in (await self._runs.CountFlowRuns(request)).counts]

    async def get(self, flow_run_id: str) -> Plain:
        return (await self.get_and_cursor(flow_run_id))[0]

    async def get_and_cursor(self, flow_run_id: str) -> tuple[Plain, str]:
        """Return a run in full, and the cursor from which to watch it."""
        request = runs.GetFlowRunRequest(namespace=self._namespace, flow_run_id=flow_run_id)
        with named_errors():
            answer = await self._runs.GetFlowRun(request)
        return plain(answer.flow_run), answer.watch_cursor

    async def transitions(self, flow_run_id: str) -> list[Plain]:
        """Return the whole history, oldest first."""
        request = history.ListFlowRunTransitionsRequest(
            namespace=self._namespace, flow_run_id=flow_run_id
        )
        return await every(self._history.ListFlowRunTransitions, request, "transitions")

    async def cancel(self, flow_run_id: str) -> Plain:
        """Ask for the end of a run, and return it as it is now."""
        request = runs.CancelFlowRunRequest(
            request_id=new_id(),
            namespace=self._namespace,
            flow_run_id=flow_run_id,
            message="cancelled by a person",
        )
        with named_errors():
            return plain((await self._runs.CancelFlowRun(request)).flow_run)

    async def delete(self, flow_run_ids: Sequence[str], *, cancel: bool) -> list[Plain]:
        """Delete runs, each on its own, and return what became of each."""
        request = runs.DeleteFlowRunsRequest(
            request_id=new_id(),
            namespace=self._namespace,
            flow_run_ids=flow_run_ids,
            cancel=cancel,
        )
        with named_errors():
            return [plain(each) for each in (await self._runs.DeleteFlowRuns(request)).results]

    async def next_of_session(self, session_id: str, ready: Callable[[], object]) -> str:
        """Return the id of the first run that the session owns after `ready` was called."""
        request = runs.WatchFlowRunsRequest(namespace=self._namespace, view=VIEW_BASIC)
        with named_errors():
            async for batch in self._runs.WatchFlowRuns(request):
                ready()
                for each in batch.changes:
                    if each.session_id == session_id:
                        return each.id
        raise Unavailable("the watch of flow runs ended")

    async def changes(self, flow_run_id: str, cursor: str) -> AsyncIterator[WatchBatch]:
        """Yield what became of the run after the cursor, until the server ends it."""
        request = runs.WatchFlowRunsRequest(
            namespace=self._namespace,
            cursor=cursor,
            filter=filters.FlowRunFilter(flow_run_ids=[flow_run_id]),
            view=self._view,
        )
        with named_errors():
            async for batch in self._runs.WatchFlowRuns(request):
                yield WatchBatch(batch.cursor, [plain(each) for each in batch.changes])

    async def task_changes(self, flow_run_id: str, cursor: str) -> AsyncIterator[WatchBatch]:
        """Yield what became of the run's task runs after the cursor."""
        request = tasks.WatchTaskRunsRequest(
            namespace=self._namespace,
            flow_run_id=flow_run_id,
            cursor=cursor,
            view=self._view,
        )
        with named_errors():
            async for batch in self._tasks.WatchTaskRuns(request):
                yield WatchBatch(batch.cursor, [plain(each) for each in batch.changes])

    async def task_runs_and_cursor(self, flow_run_id: str) -> tuple[list[Plain], str]:
        """Return all task runs in the order of their calls, and the cursor to watch from."""
        request = tasks.ListTaskRunsRequest(
            namespace=self._namespace,
            flow_run_id=flow_run_id,
            page_size=LARGEST_PAGE,
            view=self._view,
        )
        found: list[Plain] = []
        cursor = ""
        async for page in pages(self._tasks.ListTaskRuns, request):
            found += map(plain, page.task_runs)
            # The first page's, so that nothing falls between two pages.
            cursor = cursor or page.watch_cursor
        return found, cursor


def _filter(selection: Selection) -> filters.FlowRunFilter:
    return filters.FlowRunFilter(
        state_types=[StateType.Value(f"STATE_TYPE_{state}") for state in selection.states],
        flow_names=selection.flows,
        tags=filters.TagFilter(all=selection.tags),
        name_contains=selection.name,
    )
