"""FlowRunService."""

from collections.abc import AsyncIterator
from typing import Any

import grpc

from penstock.api.state.v1 import flow_run_pb2, worker_session_pb2
from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstock.api.state.v1.flow_run_service_pb2_grpc import (
    FlowRunServiceServicer,
    add_FlowRunServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import optional_uuid, uuid_of
from penstockd.chassis.wire.intents import intent_of, tell_replay
from penstockd.chassis.wire.messages import fitting, packed, parts
from penstockd.chassis.wire.pages import ID, page_of
from penstockd.chassis.wire.times import (
    duration_from_proto,
    duration_to_proto,
    optional_time,
)
from penstockd.state.rules.flow_run import RetryPolicy
from penstockd.state.rules.terms import Terms
from penstockd.state.servicers.flow_run_wire import (
    flow_run_to_proto,
    lease_to_proto,
    transition_to_proto,
    verdict_to_proto,
)
from penstockd.state.servicers.values import (
    clean,
    lease_ref_of,
    state_of,
    state_type_of,
)
from penstockd.state.servicers.worker_session import kind_of
from penstockd.state.store.ports.flow_run import FlowRunFilter
from penstockd.state.usecases.flow_run import Created, FlowRuns, Move, NewFlowRun, SessionClaim

OLDEST_FIRST = flow_run_pb2.FLOW_RUN_ORDER_CREATE_TIME_ASC


class FlowRunServicer(FlowRunServiceServicer):
    def __init__(self, flow_runs: FlowRuns, terms: Terms) -> None:
        self._flow_runs = flow_runs
        self._terms = terms

    def add_to(self, server: grpc.aio.Server) -> None:
        add_FlowRunServiceServicer_to_server(self, server)

    async def CreateFlowRun(
        self, request: pb.CreateFlowRunRequest, context: Any
    ) -> pb.CreateFlowRunResponse:
        answer = await self._flow_runs.create(
            intent_of(request),
            _new_flow_run(request, context),
            render=self._render_created,
        )
        tell_replay(context, answer)
        return pb.CreateFlowRunResponse.FromString(answer.response)

    async def GetFlowRun(
        self, request: pb.GetFlowRunRequest, context: object
    ) -> pb.GetFlowRunResponse:
        run_id = uuid_of(request.flow_run_id, "flow_run_id")
        run = await self._flow_runs.get(request.namespace, run_id)
        return pb.GetFlowRunResponse(flow_run=flow_run_to_proto(run))

    async def ListFlowRuns(
        self, request: pb.ListFlowRunsRequest, context: object
    ) -> pb.ListFlowRunsResponse:
        page = page_of(request, ID)
        cursor, found = await self._flow_runs.page(
            request.namespace,
            _filter(request.filter),
            after=page.after,
            limit=page.limit,
            oldest_first=request.order == OLDEST_FIRST,
        )
        shown, token = page.cut(found, flow_run_to_proto, key=lambda run: run.id)
        return pb.ListFlowRunsResponse(
            flow_runs=shown, next_page_token=token, watch_cursor=cursor
        )

    async def ListFlowRunTransitions(
        self, request: pb.ListFlowRunTransitionsRequest, context: object
    ) -> pb.ListFlowRunTransitionsResponse:
        run_id = uuid_of(request.flow_run_id, "flow_run_id")
        history = await self._flow_runs.history(request.namespace, run_id)
        # When one message does not hold it all, the latest counts.
        latest = fitting([transition_to_proto(it) for it in reversed(history)])
        return pb.ListFlowRunTransitionsResponse(transitions=reversed(latest))

    async def TransitionFlowRun(
        self, request: pb.TransitionFlowRunRequest, context: Any
    ) -> pb.TransitionFlowRunResponse:
        answer = await self._flow_runs.transition(
            intent_of(request),
            _move(request),
            render=lambda verdict: verdict_to_proto(verdict).SerializeToString(),
        )
        tell_replay(context, answer)
        return pb.TransitionFlowRunResponse.FromString(answer.response)

    async def WatchFlowRuns(
        self, request: pb.WatchFlowRunsRequest, context: object
    ) -> AsyncIterator[pb.WatchFlowRunsResponse]:
        run_id = optional_uuid(request.flow_run_id, "flow_run_id")
        before = request.cursor
        async for cursor, runs in self._flow_runs.watch(
            request.namespace, before, flow_run_id=run_id
        ):
            changes = [flow_run_to_proto(it) for it in runs]
            for last, part in parts(changes):
                # A cursor stands for all that its batch carried.
                yield pb.WatchFlowRunsResponse(cursor=cursor if last else before, changes=part)
            before = cursor

    def _render_created(self, created: Created) -> bytes:
        reply = pb.CreateFlowRunResponse(flow_run=flow_run_to_proto(created.flow_run))
        if created.lease:
            reply.lease.CopyFrom(lease_to_proto(created.lease))
            reply.ttl.CopyFrom(duration_to_proto(self._terms.ttl))
            reply.renew_interval.CopyFrom(duration_to_proto(self._terms.renew_interval))
        return reply.SerializeToString()


def _new_flow_run(request: pb.CreateFlowRunRequest, context: Any) -> NewFlowRun:
    return NewFlowRun(
        flow_name=request.flow_name,
        flow_version=clean(request.flow_version),
        name=clean(request.name),
        parameters=packed(request.parameters),
        tags=tuple(request.tags),
        parent_flow_run_id=optional_uuid(request.parent_flow_run_id, "parent_flow_run_id"),
        parent_task_run_id=optional_uuid(request.parent_task_run_id, "parent_task_run_id"),
        deployment_id=optional_uuid(request.deployment_id, "deployment_id"),
        deployment_version=request.deployment_version,
        launch=packed(request.launch),
        work_pool=request.work_pool,
        work_queue=request.work_queue,
        expected_start_time=optional_time(request, "expected_start_time"),
        retry_policy=_policy(request),
        idempotency_key=request.idempotency_key or None,
        traceparent=request.traceparent or _traceparent(context),
        claim=_claim(request.claim) if request.HasField("claim") else None,
    )


def _traceparent(context: Any) -> str:
    found = dict(context.invocation_metadata()).get("traceparent", "")
    return found if isinstance(found, str) else found.decode()


def _policy(request: pb.CreateFlowRunRequest) -> RetryPolicy:
    policy = request.retry_policy
    field = "retry_policy.retry_delays"
    return RetryPolicy(
        max_retries=policy.max_retries,
        retry_delays=tuple(duration_from_proto(it, field) for it in policy.retry_delays),
    )


def _claim(claim: worker_session_pb2.SessionClaim) -> SessionClaim:
    return SessionClaim(
        session_id=uuid_of(claim.session_id, "claim.session_id"),
        kind=kind_of(claim.kind, "claim.kind"),
    )


def _filter(wanted: flow_run_pb2.FlowRunFilter) -> FlowRunFilter:
    field = "filter.state_types"
    return FlowRunFilter(
        state_types=tuple(state_type_of(it, field) for it in wanted.state_types),
        flow_name=wanted.flow_name,
        deployment_id=optional_uuid(wanted.deployment_id, "filter.deployment_id"),
        root_flow_run_id=optional_uuid(wanted.root_flow_run_id, "filter.root_flow_run_id"),
        flow_run_id=optional_uuid(wanted.flow_run_id, "filter.flow_run_id"),
    )


def _move(request: pb.TransitionFlowRunRequest) -> Move:
    return Move(
        flow_run_id=uuid_of(request.flow_run_id, "flow_run_id"),
        to=state_of(request.to_state, "to_state"),
        lease=lease_ref_of(request.lease, "lease") if request.HasField("lease") else None,
        expected_revision=request.expected_revision,
        result_id=optional_uuid(request.result_id, "result_id"),
    )
