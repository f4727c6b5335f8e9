"""The state service over its stubs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from uuid import UUID

import grpc

from penstock.api.state.v1 import (
    flow_run_filter_pb2,
    flow_run_pb2,
    flow_run_service_pb2,
    lease_service_pb2,
    state_pb2,
    worker_session_pb2,
    worker_session_service_pb2,
)
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.api.type.v1 import launch_spec_pb2, lease_pb2
from penstock.wire_errors import named_errors
from penstockd.chassis.wire.fields import optional_uuid
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import duration_from_proto, optional_duration, put_time
from penstockd.scheduler.peers import (
    CreatedRun,
    NewRun,
    RunNews,
    RunPage,
    RunsOf,
    SessionNews,
    WaitingRun,
)
from penstockd.scheduler.rules.work import Claimed, Demand, Work
from penstockd.scheduler.rules.worker import SessionTerms
from penstockd.scheduler.run_spec_wire import program_of, put_run_spec

if TYPE_CHECKING:
    from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceAsyncStub
    from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceAsyncStub
    from penstock.api.state.v1.worker_session_service_pb2_grpc import (
        WorkerSessionServiceAsyncStub,
    )

SCHEDULED = state_pb2.STATE_TYPE_SCHEDULED
_ENDS = {
    state_pb2.STATE_TYPE_COMPLETED,
    state_pb2.STATE_TYPE_FAILED,
    state_pb2.STATE_TYPE_CANCELLED,
    state_pb2.STATE_TYPE_CRASHED,
}
UNENDED = [it for it in state_pb2.StateType.values() if it and it not in _ENDS]
PAGE = 200


class WireState:
    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._flow_runs: FlowRunServiceAsyncStub = FlowRunServiceStub(channel)
        self._leases: LeaseServiceAsyncStub = LeaseServiceStub(channel)
        self._sessions: WorkerSessionServiceAsyncStub = WorkerSessionServiceStub(channel)

    async def open_session(
        self, namespace: str, session_id: UUID, held: Sequence[bytes]
    ) -> SessionTerms:
        request = worker_session_service_pb2.OpenWorkerSessionRequest(
            namespace=namespace,
            session_id=str(session_id),
            kind=worker_session_pb2.SESSION_KIND_EXECUTOR,
            held=map(lease_pb2.LeaseReport.FromString, held),
        )
        with named_errors():
            reply = await self._sessions.OpenWorkerSession(request)
        return SessionTerms(
            alive=reply.session.alive,
            ttl=duration_from_proto(reply.ttl, "ttl"),
            renew_interval=duration_from_proto(reply.renew_interval, "renew_interval"),
            ack_deadline=duration_from_proto(reply.ack_deadline, "ack_deadline"),
            verdicts=tuple(map(packed, reply.verdicts)),
        )

    async def create_run(self, run: NewRun, *, request_id: UUID) -> CreatedRun:
        with named_errors():
            reply = await self._flow_runs.CreateFlowRun(_creation(run, request_id))
        made = reply.flow_run
        return CreatedRun(
            id=UUID(made.id),
            name=made.name,
            deployment_version=made.deployment_version,
            is_new=reply.created,
            watch_cursor=reply.watch_cursor,
            waiting=_waiting(made) if _waits(made) else None,
        )

    async def claim(self, demand: Demand, *, request_id: UUID) -> Claimed:
        request = lease_service_pb2.ClaimRequest(
            request_id=str(request_id),
            namespace=demand.namespace,
            session_id=str(demand.session_id),
            work_pool=demand.work_pool,
            work_queues=demand.work_queues,
            limit=demand.limit,
            programs=map(_program_number, demand.programs),
            handlers=demand.handlers,
        )
        with named_errors():
            reply = await self._leases.Claim(request)
        return Claimed(
            works=[_work(each) for each in reply.claimed],
            next_due=optional_duration(reply, "next_due"),
        )

    async def count_unended(self, namespace: str, of: RunsOf) -> int:
        request = flow_run_service_pb2.CountFlowRunsRequest(
            namespace=namespace, filter=_unended(of)
        )
        with named_errors():
            reply = await self._flow_runs.CountFlowRuns(request)
        return sum(each.count for each in reply.counts)

    async def unended(self, namespace: str, of: RunsOf, *, token: str) -> RunPage:
        request = flow_run_service_pb2.ListFlowRunsRequest(
            namespace=namespace, filter=_unended(of), page_size=PAGE, page_token=token
        )
        with named_errors():
            reply = await self._flow_runs.ListFlowRuns(request)
        return RunPage(
            run_ids=[UUID(run.id) for run in reply.flow_runs], next_token=reply.next_page_token
        )

    async def cancel_run(self, namespace: str, run_id: UUID, *, request_id: UUID) -> None:
        request = flow_run_service_pb2.CancelFlowRunRequest(
            request_id=str(request_id),
            namespace=namespace,
            flow_run_id=str(run_id),
            message="its deployment was deleted",
        )
        with named_errors():
            await self._flow_runs.CancelFlowRun(request)

    async def watch_runs(self, namespace: str, cursor: str) -> AsyncGenerator[RunNews, None]:
        request = flow_run_service_pb2.WatchFlowRunsRequest(
            namespace=namespace,
            cursor=cursor,
            filter=flow_run_filter_pb2.FlowRunFilter(state_types=[SCHEDULED]),
        )
        async with aclosing(_replies(self._flow_runs.WatchFlowRuns(request))) as replies:
            async for reply in replies:
                waiting = [_waiting(run) for run in reply.changes if _waits(run)]
                yield RunNews(cursor=reply.cursor, waiting=waiting)

    async def watch_sessions(
        self, namespace: str, cursor: str
    ) -> AsyncGenerator[SessionNews, None]:
        request = worker_session_service_pb2.WatchWorkerSessionsRequest(
            namespace=namespace, cursor=cursor
        )
        async with aclosing(_replies(self._sessions.WatchWorkerSessions(request))) as replies:
            async for reply in replies:
                alive = {UUID(session.id): session.alive for session in reply.changes}
                yield SessionNews(cursor=reply.cursor, alive=alive)


async def _replies(call: Any) -> AsyncGenerator[Any, None]:
    try:
        with named_errors():
            async for reply in call:
                yield reply
    finally:
        call.cancel()


def _creation(run: NewRun, request_id: UUID) -> flow_run_service_pb2.CreateFlowRunRequest:
    request = flow_run_service_pb2.CreateFlowRunRequest(
        request_id=str(request_id),
        namespace=run.namespace,
        name=run.name,
        deployment_id=str(run.deployment_id),
        deployment_version=run.deployment_version,
        idempotency_key=run.idempotency_key,
        traceparent=run.traceparent,
    )
    put_run_spec(request.spec, run.spec)
    put_time(request.expected_start_time, run.expected_start_time)
    return request


def _unended(of: RunsOf) -> flow_run_filter_pb2.FlowRunFilter:
    return flow_run_filter_pb2.FlowRunFilter(
        state_types=UNENDED,
        deployment_ids=[str(of.deployment_id)] if of.deployment_id else [],
        work_pools=[of.work_pool] if of.work_pool else [],
        work_queues=[of.work_queue] if of.work_queue else [],
    )


def _program_number(program: str) -> Any:
    return launch_spec_pb2.ProgramKind.Value(f"PROGRAM_KIND_{program.upper()}")


def _waits(run: flow_run_pb2.FlowRun) -> bool:
    return run.state.state_type == SCHEDULED and bool(run.spec.work_pool)


def _waiting(run: flow_run_pb2.FlowRun) -> WaitingRun:
    return WaitingRun(
        id=UUID(run.id),
        revision=run.revision,
        work_pool=run.spec.work_pool,
        work_queue=run.spec.work_queue,
        program=program_of(run.spec.launch),
    )


def _work(claimed: lease_service_pb2.ClaimedRun) -> Work:
    run, lease = claimed.flow_run, claimed.lease
    return Work(
        flow_run_id=UUID(run.id),
        flow_run_name=run.name,
        deployment_id=optional_uuid(run.deployment_id, "deployment_id"),
        deployment_version=run.deployment_version,
        traceparent=run.traceparent or lease.traceparent,
        lease=packed(lease),
        spec=packed(run.spec),
    )
