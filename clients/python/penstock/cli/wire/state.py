"""Flow runs, their tasks and their logs, as the state service knows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import NamedTuple

import grpc

from penstock.api.state.v1 import flow_run_service_pb2 as runs
from penstock.api.state.v1 import log_service_pb2 as logs
from penstock.api.state.v1 import task_run_service_pb2 as tasks
from penstock.api.state.v1.flow_run_pb2 import FlowRunFilter
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.state_pb2 import STATE_TYPE_CANCELLING, State, StateType
from penstock.api.state.v1.task_run_service_pb2_grpc import TaskRunServiceStub
from penstock.cli.services import here
from penstock.cli.wire.plain import Plain, plain
from penstock.engine.ids import new_id
from penstock.errors import Unavailable
from penstock.wire_errors import named_errors

LARGEST_PAGE = 200
LOG_PAGE = 1000


def flow_runs() -> FlowRuns:
    opened = here()
    return FlowRuns(opened.state, opened.namespace)


class Batch(NamedTuple):
    """What a watch saw at once, and the cursor to go on after it."""

    cursor: str
    changes: list[Plain]


class LogPage(NamedTuple):
    """Lines of a run, the token for those after them, and whether there are some already."""

    lines: list[Plain]
    next_page_token: str
    more: bool


class FlowRuns:
    """What people ask about flow runs."""

    def __init__(self, channel: grpc.aio.Channel, namespace: str) -> None:
        self._runs = FlowRunServiceStub(channel)
        self._tasks = TaskRunServiceStub(channel)
        self._logs = LogServiceStub(channel)
        self._namespace = namespace

    async def newest(
        self, *, states: Sequence[str] = (), flow: str = "", limit: int = 50
    ) -> list[Plain]:
        """Return the newest runs, at most `limit`."""
        chosen = [StateType.Value(f"STATE_TYPE_{state}") for state in states]
        request = runs.ListFlowRunsRequest(
            namespace=self._namespace,
            filter=FlowRunFilter(state_types=chosen, flow_name=flow),
        )
        found: list[Plain] = []
        while len(found) < limit:
            request.page_size = min(limit - len(found), LARGEST_PAGE)
            with named_errors():
                page = await self._runs.ListFlowRuns(request)
            found += map(plain, page.flow_runs)
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return found

    async def get(self, flow_run_id: str) -> Plain:
        request = runs.GetFlowRunRequest(namespace=self._namespace, flow_run_id=flow_run_id)
        with named_errors():
            return plain((await self._runs.GetFlowRun(request)).flow_run)

    async def transitions(self, flow_run_id: str) -> list[Plain]:
        request = runs.ListFlowRunTransitionsRequest(
            namespace=self._namespace, flow_run_id=flow_run_id
        )
        with named_errors():
            answer = await self._runs.ListFlowRunTransitions(request)
        return [plain(each) for each in answer.transitions]

    async def task_runs(self, flow_run_id: str) -> list[Plain]:
        """Return all task runs in the order of their calls."""
        return (await self.task_runs_and_cursor(flow_run_id))[0]

    async def log_page(self, flow_run_id: str, token: str, *, min_level: int = 0) -> LogPage:
        """Return the lines after those of the page that gave the token."""
        request = logs.ListLogsRequest(
            namespace=self._namespace,
            flow_run_id=flow_run_id,
            min_level=min_level,
            page_size=LOG_PAGE,
            page_token=token,
        )
        with named_errors():
            page = await self._logs.ListLogs(request)
        return LogPage([plain(each) for each in page.lines], page.next_page_token, page.more)

    async def cancel(self, flow_run_id: str) -> Plain:
        """Ask for the end of a run, and return the state that it is in now."""
        request = runs.TransitionFlowRunRequest(
            request_id=new_id(),
            namespace=self._namespace,
            flow_run_id=flow_run_id,
            to_state=State(type=STATE_TYPE_CANCELLING, message="cancelled by a person"),
        )
        with named_errors():
            answer = await self._runs.TransitionFlowRun(request)
        if answer.WhichOneof("verdict") == "accepted":
            return plain(answer.accepted.flow_run.state)
        rejected = answer.rejected
        if rejected.HasField("replacement_state"):
            return plain(rejected.replacement_state)
        return plain(rejected.actual_state)

    async def next_of_session(self, session_id: str, ready: Callable[[], object]) -> str:
        """Return the id of the first run that the session owns after `ready` was called."""
        request = runs.WatchFlowRunsRequest(namespace=self._namespace)
        with named_errors():
            async for batch in self._runs.WatchFlowRuns(request):
                ready()
                for each in batch.changes:
                    if each.session_id == session_id:
                        return each.id
        raise Unavailable("the watch of flow runs ended")

    async def changes(self, flow_run_id: str, cursor: str) -> AsyncIterator[Batch]:
        """Yield what became of the run after the cursor, until the server ends it."""
        request = runs.WatchFlowRunsRequest(
            namespace=self._namespace, flow_run_id=flow_run_id, cursor=cursor
        )
        with named_errors():
            async for batch in self._runs.WatchFlowRuns(request):
                yield Batch(batch.cursor, [plain(each) for each in batch.changes])

    async def task_changes(self, flow_run_id: str, cursor: str) -> AsyncIterator[Batch]:
        """Yield what became of the run's task runs after the cursor."""
        request = tasks.WatchTaskRunsRequest(
            namespace=self._namespace, flow_run_id=flow_run_id, cursor=cursor
        )
        with named_errors():
            async for batch in self._tasks.WatchTaskRuns(request):
                yield Batch(batch.cursor, [plain(each) for each in batch.changes])

    async def task_runs_and_cursor(self, flow_run_id: str) -> tuple[list[Plain], str]:
        """Return also the cursor from which to watch the run and its task runs."""
        request = tasks.ListTaskRunsRequest(
            namespace=self._namespace, flow_run_id=flow_run_id, page_size=LARGEST_PAGE
        )
        found: list[Plain] = []
        cursor = ""
        while True:
            with named_errors():
                page = await self._tasks.ListTaskRuns(request)
            found += map(plain, page.task_runs)
            # The first page's, so that nothing falls between two pages.
            cursor = cursor or page.watch_cursor
            if not page.next_page_token:
                return found, cursor
            request.page_token = page.next_page_token
