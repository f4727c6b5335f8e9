"""The task runs of a flow run, as they are recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator

from penstock.api.state.v1.state_pb2 import StateType
from penstock.api.state.v1.task_run_service_pb2 import ListTaskRunsRequest, WatchTaskRunsRequest
from penstock.api.state.v1.task_run_service_pb2_grpc import TaskRunServiceStub
from penstock.client.connection import Connection
from penstock.client.pages import LARGEST_PAGE, pages, rows_of_pages
from penstock.client.rows import Row, WatchBatch, row_of
from penstock.client.wire.views import view
from penstock.wire_errors import named_errors

BAD_ENDS = (StateType.STATE_TYPE_FAILED, StateType.STATE_TYPE_CRASHED)


class TaskRuns:
    """Asks the state service about task runs."""

    def __init__(self, connection: Connection) -> None:
        self._stub = TaskRunServiceStub(connection.state)
        self._namespace = connection.namespace

    async def all_and_cursor(
        self, flow_run_id: str, *, full: bool = False
    ) -> tuple[list[Row], str]:
        """Return all task runs in the order of their calls, and the cursor to watch from."""
        request = self._all_of(flow_run_id, full=full)
        found: list[Row] = []
        cursor = ""
        async for page in pages(self._stub.ListTaskRuns, request):
            found += map(row_of, page.task_runs)
            # The first page's, so that nothing falls between two pages.
            cursor = cursor or page.watch_cursor
        return found, cursor

    def all(self, flow_run_id: str, *, full: bool = False) -> AsyncIterator[list[Row]]:
        """Yield all task runs in the order of their calls, in pages."""
        request = self._all_of(flow_run_id, full=full)
        return rows_of_pages(self._stub.ListTaskRuns, request, lambda page: page.task_runs)

    def failed(self, flow_run_id: str) -> AsyncIterator[list[Row]]:
        """Yield those that ended badly, with their stacks, in pages."""
        request = self._all_of(flow_run_id, full=True)
        request.filter.state_types.extend(BAD_ENDS)
        return rows_of_pages(self._stub.ListTaskRuns, request, lambda page: page.task_runs)

    async def changes(
        self, flow_run_id: str, cursor: str, *, full: bool = False
    ) -> AsyncIterator[WatchBatch]:
        """Yield what became of the run's task runs after the cursor."""
        request = WatchTaskRunsRequest(
            namespace=self._namespace,
            flow_run_id=flow_run_id,
            cursor=cursor,
            view=view(full=full),
        )
        with named_errors(self._stub.WatchTaskRuns):
            async for batch in self._stub.WatchTaskRuns(request):
                yield WatchBatch(batch.cursor, [row_of(each) for each in batch.changes])

    def _all_of(self, flow_run_id: str, *, full: bool) -> ListTaskRunsRequest:
        return ListTaskRunsRequest(
            namespace=self._namespace,
            flow_run_id=flow_run_id,
            page_size=LARGEST_PAGE,
            view=view(full=full),
        )
