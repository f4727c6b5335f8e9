"""FlowRunService."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc

from penstock.api.state.v1 import flow_run_filter_pb2, worker_session_pb2
from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstock.api.state.v1.flow_run_service_pb2_grpc import (
    FlowRunServiceServicer,
    add_FlowRunServiceServicer_to_server,
)
from penstockd.chassis.trace_context import callers_traceparent, traceparent_of
from penstockd.chassis.wire.fields import optional_uuid, uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.keys import ID
from penstockd.chassis.wire.messages import fitted, packed, parts
from penstockd.chassis.wire.pages import page_of
from penstockd.chassis.wire.times import duration_to_proto, optional_delay, optional_time
from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.view import View
from penstockd.state.servicers.callers import the_caller
from penstockd.state.servicers.flow_run_wire import (
    count_to_proto,
    filter_of,
    flow_run_to_proto,
    group_of,
)
from penstockd.state.servicers.lease_wire import lease_to_proto
from penstockd.state.servicers.run_spec_wire import run_spec_of
from penstockd.state.servicers.values import state_of, view_of
from penstockd.state.servicers.worker_session import kind_of
from penstockd.state.usecases.deletion import Deleted, Deletions
from penstockd.state.usecases.flow_run import Created, FlowRuns, NewFlowRun, SessionClaim
from penstockd.state.usecases.intervention import Interventions

OLDEST_FIRST = flow_run_filter_pb2.FLOW_RUN_ORDER_CREATE_TIME_ASC


class _Batches:
    """The last batch as messages: those who watch the same are given the same."""

    def __init__(self) -> None:
        self._runs: Sequence[FlowRun] = ()
        self._of: tuple[str, str, View] | None = None
        self._replies: list[pb.WatchFlowRunsResponse] = []

    def of(
        self, runs: Sequence[FlowRun], before: str, cursor: str, view: View
    ) -> list[pb.WatchFlowRunsResponse]:
        if runs is not self._runs or self._of != (before, cursor, view):
            changes = [flow_run_to_proto(it, view) for it in runs]
            # A cursor stands for all that its batch carried.
            self._replies = [
                pb.WatchFlowRunsResponse(cursor=cursor if last else before, changes=part)
                for last, part in parts(changes)
            ]
            self._runs, self._of = runs, (before, cursor, view)
        return self._replies


class FlowRunServicer(FlowRunServiceServicer):
    def __init__(
        self,
        flow_runs: FlowRuns,
        interventions: Interventions,
        deletions: Deletions,
        terms: Terms,
    ) -> None:
        self._flow_runs = flow_runs
        self._interventions = interventions
        self._deletions = deletions
        self._terms = terms
        self._batches = _Batches()

    def add_to(self, server: grpc.aio.Server) -> None:
        add_FlowRunServiceServicer_to_server(self, server)

    async def CreateFlowRun(
        self, request: pb.CreateFlowRunRequest, context: Any
    ) -> pb.CreateFlowRunResponse:
        answer = await self._flow_runs.create(
            intent_of(request),
            _new_flow_run(request, context),
            actor=the_caller(),
            render=self._render_created,
        )
        tell_replay(context, answer)
        return pb.CreateFlowRunResponse.FromString(answer.response)

    async def GetFlowRun(
        self, request: pb.GetFlowRunRequest, context: object
    ) -> pb.GetFlowRunResponse:
        run_id = uuid_of(request.flow_run_id, "flow_run_id")
        cursor, run = await self._flow_runs.get(request.namespace, run_id)
        return pb.GetFlowRunResponse(
            flow_run=fitted(flow_run_to_proto(run)), watch_cursor=cursor
        )

    async def ListFlowRuns(
        self, request: pb.ListFlowRunsRequest, context: object
    ) -> pb.ListFlowRunsResponse:
        page, view = page_of(request, ID), view_of(request.view)
        cursor, found = await self._flow_runs.page(
            request.namespace,
            filter_of(request.filter),
            after=page.after,
            limit=page.limit,
            oldest_first=request.order == OLDEST_FIRST,
            view=view,
        )
        shown, token = page.cut(
            found, lambda run: flow_run_to_proto(run, view), key=lambda run: run.id
        )
        return pb.ListFlowRunsResponse(
            flow_runs=shown, next_page_token=token, watch_cursor=cursor
        )

    async def WatchFlowRuns(
        self, request: pb.WatchFlowRunsRequest, context: object
    ) -> AsyncIterator[pb.WatchFlowRunsResponse]:
        before, view = request.cursor, view_of(request.view)
        async for cursor, runs in self._flow_runs.watch(
            request.namespace, before, filter_of(request.filter), view=view
        ):
            for reply in self._batches.of(runs, before, cursor, view):
                yield reply
            before = cursor

    async def CountFlowRuns(
        self, request: pb.CountFlowRunsRequest, context: object
    ) -> pb.CountFlowRunsResponse:
        counts = await self._flow_runs.counts(
            request.namespace,
            filter_of(request.filter),
            group_by=[group_of(it) for it in request.group_by],
            bucket=optional_delay(request, "bucket", "bucket"),
        )
        return pb.CountFlowRunsResponse(counts=map(count_to_proto, counts))

    async def CancelFlowRun(
        self, request: pb.CancelFlowRunRequest, context: Any
    ) -> pb.CancelFlowRunResponse:
        answer = await self._interventions.cancel(
            intent_of(request),
            uuid_of(request.flow_run_id, "flow_run_id"),
            message=request.message,
            actor=the_caller(),
            render=lambda run: packed(pb.CancelFlowRunResponse(flow_run=_basic(run))),
        )
        tell_replay(context, answer)
        return pb.CancelFlowRunResponse.FromString(answer.response)

    async def SetFlowRunState(
        self, request: pb.SetFlowRunStateRequest, context: Any
    ) -> pb.SetFlowRunStateResponse:
        answer = await self._interventions.set_state(
            intent_of(request),
            uuid_of(request.flow_run_id, "flow_run_id"),
            state_of(request.to_state, "to_state"),
            force=request.force,
            actor=the_caller(),
            render=lambda run: packed(pb.SetFlowRunStateResponse(flow_run=_basic(run))),
        )
        tell_replay(context, answer)
        return pb.SetFlowRunStateResponse.FromString(answer.response)

    async def DeleteFlowRun(
        self, request: pb.DeleteFlowRunRequest, context: Any
    ) -> pb.DeleteFlowRunResponse:
        answer = await self._deletions.delete(
            intent_of(request),
            uuid_of(request.flow_run_id, "flow_run_id"),
            cancel=request.cancel,
            actor=the_caller(),
            render=lambda it: packed(pb.DeleteFlowRunResponse(result=_deleted(it))),
        )
        tell_replay(context, answer)
        return pb.DeleteFlowRunResponse.FromString(answer.response)

    async def DeleteFlowRuns(
        self, request: pb.DeleteFlowRunsRequest, context: Any
    ) -> pb.DeleteFlowRunsResponse:
        answer = await self._deletions.delete_those(
            intent_of(request),
            [uuid_of(it, "flow_run_ids") for it in request.flow_run_ids],
            cancel=request.cancel,
            actor=the_caller(),
            render=lambda all_: packed(pb.DeleteFlowRunsResponse(results=map(_deleted, all_))),
        )
        tell_replay(context, answer)
        return pb.DeleteFlowRunsResponse.FromString(answer.response)

    def _render_created(self, created: Created) -> bytes:
        reply = pb.CreateFlowRunResponse(
            flow_run=_basic(created.flow_run),
            created=created.is_new,
            watch_cursor=created.cursor,
        )
        if created.lease:
            reply.lease.CopyFrom(lease_to_proto(created.lease))
            reply.ttl.CopyFrom(duration_to_proto(self._terms.ttl))
            reply.renew_interval.CopyFrom(duration_to_proto(self._terms.renew_interval))
        return packed(reply)


def _basic(run: FlowRun) -> Any:
    # Answers are remembered: they leave out what may be large.
    return flow_run_to_proto(run, View.BASIC)


def _deleted(deleted: Deleted) -> pb.DeletedFlowRun:
    outcome = pb.DeletionOutcome.Value(f"DELETION_OUTCOME_{deleted.outcome}")
    return pb.DeletedFlowRun(flow_run_id=str(deleted.flow_run_id), outcome=outcome)


def _new_flow_run(request: pb.CreateFlowRunRequest, context: Any) -> NewFlowRun:
    return NewFlowRun(
        spec=run_spec_of(request.spec, "spec"),
        name=request.name,
        parent_flow_run_id=optional_uuid(request.parent_flow_run_id, "parent_flow_run_id"),
        parent_task_run_id=optional_uuid(request.parent_task_run_id, "parent_task_run_id"),
        deployment_id=optional_uuid(request.deployment_id, "deployment_id"),
        deployment_version=request.deployment_version,
        expected_start_time=optional_time(request, "expected_start_time"),
        idempotency_key=request.idempotency_key or None,
        traceparent=traceparent_of(request.traceparent) or callers_traceparent(context),
        claim=_claim(request.claim) if request.HasField("claim") else None,
    )


def _claim(claim: worker_session_pb2.SessionClaim) -> SessionClaim:
    return SessionClaim(
        session_id=uuid_of(claim.session_id, "claim.session_id"),
        kind=kind_of(claim.kind, "claim.kind"),
    )
