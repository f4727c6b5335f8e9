"""Flow runs: made and owned by this process, looked at, watched, cancelled and deleted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from penstock import telemetry
from penstock.api.state.v1 import flow_run_filter_pb2 as filters
from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.state_pb2 import StateType
from penstock.api.state.v1.worker_session_pb2 import SessionClaim, SessionKind
from penstock.api.type.v1.view_pb2 import VIEW_BASIC
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.client.pages import LARGEST_PAGE, pages
from penstock.client.payload_codec import PayloadCodec
from penstock.client.rows import Row, WatchBatch, row_of
from penstock.client.wire.failures import error_of
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.client.wire.run_specs import RunSpec, spec_message
from penstock.client.wire.states import state_of
from penstock.client.wire.times import (
    datetime_of,
    duration_of,
    seconds_of,
    time_range,
)
from penstock.client.wire.views import view
from penstock.errors import Unavailable
from penstock.ground.ids import new_id
from penstock.ground.labels import LONGEST_NAME
from penstock.ground.patience import Patience
from penstock.ground.texts import cut
from penstock.states import State
from penstock.wire_errors import named_errors

if TYPE_CHECKING:
    from grpc.aio import UnaryStreamCall

    from penstock.api.state.v1.flow_run_pb2 import FlowRun
    from penstock.client.selection import Selection

    Watch = UnaryStreamCall[pb.WatchFlowRunsRequest, pb.WatchFlowRunsResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What is said of a flow run when it is created."""

    spec: RunSpec
    name: str
    parent_flow_run_id: str = ""
    parent_task_run_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedRun:
    """A flow run that this process owns."""

    owned: Owned
    name: str
    root_flow_run_id: str
    renew_interval: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What was said of a flow run when somebody else created it."""

    flow_version: str
    tags: Sequence[str]
    parent_flow_run_id: str
    root_flow_run_id: str
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """A flow run as it was when somebody stopped waiting for it."""

    id: str
    name: str
    state: State[Any]
    result_id: str


class Glimpse(NamedTuple):
    """Whether a flow run has ended, and the cursor to look on after this."""

    cursor: str
    ended: bool


class FlowRuns:
    """Asks the state service about flow runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stub = FlowRunServiceStub(connection.state)
        self._namespace = connection.namespace
        self._patience = connection.patience["state"]

    async def create(self, run: NewRun) -> ClaimedRun:
        """Create a flow run that this process owns from its first moment.

        The run around it waits as long as it must, a person does not.
        """
        patient = Patience.without_end if run.parent_flow_run_id else Patience.for_a_while
        codec = self._connection.part(PayloadCodec)
        parameters = await patient(
            self._connection.patience["artifact"],
            lambda: codec.parameters(run.spec.parameters),
        )
        request = pb.CreateFlowRunRequest(
            request_id=new_id(),
            namespace=self._namespace,
            spec=spec_message(run.spec, parameters),
            name=cut(run.name, LONGEST_NAME),
            parent_flow_run_id=run.parent_flow_run_id,
            parent_task_run_id=run.parent_task_run_id,
            traceparent=telemetry.current_traceparent(),
            claim=self._claim(),
        )
        reply = await patient(self._patience, lambda: ask(self._stub.CreateFlowRun, request))
        lease = reply.lease.lease_ref
        return ClaimedRun(
            owned=Owned(
                namespace=self._namespace,
                flow_run_id=reply.flow_run.id,
                lease=LeaseRef(lease.lease_id, lease.fence),
            ),
            name=reply.flow_run.name,
            root_flow_run_id=reply.flow_run.root_flow_run_id,
            renew_interval=seconds_of(reply.renew_interval) or 5.0,
        )

    async def origin(self, flow_run_id: str) -> Origin:
        """Return what was said of a run when it was created, however long that takes."""
        found = await self._patience.without_end(lambda: self._get(flow_run_id))
        run = found.flow_run
        said = run.HasField("expected_start_time")
        return Origin(
            flow_version=run.spec.flow_version,
            tags=tuple(run.spec.tags),
            parent_flow_run_id=run.parent_flow_run_id,
            root_flow_run_id=run.root_flow_run_id,
            due=datetime_of(run.expected_start_time) if said else None,
        )

    async def outcome(self, flow_run_id: str) -> RunOutcome:
        """Return a run as it is now, with the exception that ended it, if there is one."""
        run = (await self._get(flow_run_id)).flow_run
        state = state_of(run.state, run.id)
        if run.HasField("failure") and (error := error_of(run.failure)) is not None:
            state = replace(state, data=error)
        return RunOutcome(id=run.id, name=run.name, state=state, result_id=run.result_id)

    async def get(self, flow_run_id: str) -> Row:
        """Return a run in full."""
        return (await self.get_and_cursor(flow_run_id))[0]

    async def get_and_cursor(self, flow_run_id: str) -> tuple[Row, str]:
        """Return a run in full, and the cursor from which to watch it."""
        reply = await self._get(flow_run_id)
        return row_of(reply.flow_run), reply.watch_cursor

    async def newest(
        self, selection: Selection, *, limit: int, full: bool = False
    ) -> AsyncIterator[list[Row]]:
        """Yield the newest runs, at most `limit`; only in full with what may be large."""
        request = pb.ListFlowRunsRequest(
            namespace=self._namespace,
            filter=_filter(selection),
            page_size=min(limit, LARGEST_PAGE),
            view=view(full=full),
        )
        left = limit
        async for page in pages(self._stub.ListFlowRuns, request):
            yield [row_of(each) for each in page.flow_runs[:left]]
            left -= len(page.flow_runs)
            if left <= 0:
                return

    async def below_and_cursor(self, root_flow_run_id: str) -> tuple[list[Row], str]:
        """Return a run with all subflows in it, and the cursor to watch them from."""
        request = pb.ListFlowRunsRequest(
            namespace=self._namespace,
            filter=filters.FlowRunFilter(root_flow_run_ids=[root_flow_run_id]),
            page_size=LARGEST_PAGE,
        )
        found: list[Row] = []
        cursor = ""
        async for page in pages(self._stub.ListFlowRuns, request):
            found += map(row_of, page.flow_runs)
            # The first page's, so that nothing falls between two pages.
            cursor = cursor or page.watch_cursor
        return found, cursor

    async def counts(
        self, selection: Selection, groups: Sequence[str], *, bucket: timedelta | None
    ) -> list[Row]:
        """Return how many runs there are of each kind."""
        request = pb.CountFlowRunsRequest(
            namespace=self._namespace,
            filter=_filter(selection),
            group_by=[filters.FlowRunGroup.Value(f"FLOW_RUN_GROUP_{it}") for it in groups],
            bucket=None if bucket is None else duration_of(bucket),
        )
        return [row_of(it) for it in (await ask(self._stub.CountFlowRuns, request)).counts]

    async def cancel(self, flow_run_id: str) -> Row:
        """Ask for the end of a run, and return it as it is now."""
        request = pb.CancelFlowRunRequest(
            request_id=new_id(),
            namespace=self._namespace,
            flow_run_id=flow_run_id,
            message="cancelled by a person",
        )
        return row_of((await ask(self._stub.CancelFlowRun, request)).flow_run)

    async def delete(self, flow_run_ids: Sequence[str], *, cancel: bool) -> list[Row]:
        """Delete runs, each on its own, and return what became of each."""
        request = pb.DeleteFlowRunsRequest(
            request_id=new_id(),
            namespace=self._namespace,
            flow_run_ids=flow_run_ids,
            cancel=cancel,
        )
        return [row_of(it) for it in (await ask(self._stub.DeleteFlowRuns, request)).results]

    async def changes(
        self, flow_run_id: str, cursor: str, *, full: bool = False
    ) -> AsyncIterator[WatchBatch]:
        """Yield what became of the run after the cursor, until the server ends it."""
        wanted = filters.FlowRunFilter(flow_run_ids=[flow_run_id])
        with named_errors(self._stub.WatchFlowRuns):
            async for batch in self._watch(wanted, cursor, full=full):
                yield WatchBatch(batch.cursor, [row_of(each) for each in batch.changes])

    async def changes_below(
        self, root_flow_run_id: str, cursor: str
    ) -> AsyncIterator[WatchBatch]:
        """Yield what became of a run and all subflows in it after the cursor."""
        wanted = filters.FlowRunFilter(root_flow_run_ids=[root_flow_run_id])
        with named_errors(self._stub.WatchFlowRuns):
            async for batch in self._watch(wanted, cursor, full=False):
                yield WatchBatch(batch.cursor, [row_of(each) for each in batch.changes])

    async def glimpse(self, flow_run_id: str) -> Glimpse:
        """Return whether the run has ended; as patient as a person is."""
        reply = await self._patience.for_a_while(lambda: self._get(flow_run_id))
        return Glimpse(reply.watch_cursor, _has_ended(reply.flow_run))

    async def glimpses(self, flow_run_id: str, cursor: str) -> AsyncGenerator[Glimpse, None]:
        """Yield at each change after the cursor whether the run has ended."""
        wanted = filters.FlowRunFilter(flow_run_ids=[flow_run_id])
        with named_errors(self._stub.WatchFlowRuns):
            async for batch in self._watch(wanted, cursor, full=False):
                yield Glimpse(batch.cursor, any(map(_has_ended, batch.changes)))

    async def next_of_session(self, session_id: str, ready: Callable[[], object]) -> str:
        """Return the id of the first run that the session owns after `ready` was called."""
        request = pb.WatchFlowRunsRequest(namespace=self._namespace, view=VIEW_BASIC)
        with named_errors(self._stub.WatchFlowRuns):
            async for batch in self._stub.WatchFlowRuns(request):
                ready()
                for each in batch.changes:
                    if each.session_id == session_id:
                        return each.id
        raise Unavailable("the watch of flow runs ended")

    async def _get(self, flow_run_id: str) -> pb.GetFlowRunResponse:
        request = pb.GetFlowRunRequest(namespace=self._namespace, flow_run_id=flow_run_id)
        return await ask(self._stub.GetFlowRun, request)

    def _watch(self, wanted: filters.FlowRunFilter, cursor: str, *, full: bool) -> Watch:
        request = pb.WatchFlowRunsRequest(
            namespace=self._namespace,
            cursor=cursor,
            filter=wanted,
            view=view(full=full),
        )
        return self._stub.WatchFlowRuns(request)

    def _claim(self) -> SessionClaim:
        return SessionClaim(
            session_id=self._connection.session_id,
            kind=(
                SessionKind.SESSION_KIND_EMBEDDED
                if self._connection.embedded
                else SessionKind.SESSION_KIND_SCRIPT
            ),
        )


def _filter(selection: Selection) -> filters.FlowRunFilter:
    return filters.FlowRunFilter(
        state_types=[StateType.Value(f"STATE_TYPE_{state}") for state in selection.states],
        flow_names=selection.flows,
        tags=filters.TagFilter(all=selection.tags),
        name_contains=selection.name,
        create_time=time_range(selection.since, selection.until),
    )


def _has_ended(run: FlowRun) -> bool:
    return state_of(run.state).is_final()
