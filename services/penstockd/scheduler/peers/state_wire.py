"""The state service over its stubs."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from uuid import UUID

import grpc

from penstock.api.state.v1 import (
    flow_run_pb2,
    flow_run_service_pb2,
    lease_pb2,
    lease_service_pb2,
    state_pb2,
    worker_session_pb2,
    worker_session_service_pb2,
)
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.wire_errors import named_errors
from penstockd.chassis.wire.fields import optional_uuid
from penstockd.chassis.wire.payloads import json_payload, optional_payload
from penstockd.chassis.wire.times import (
    duration_from_proto,
    duration_to_proto,
    optional_duration,
    optional_time,
    put_time,
)
from penstockd.scheduler.launch_wire import launch_from_proto, launch_to_proto
from penstockd.scheduler.peers import CreatedRun, NewRun, RunNews, SessionNews, WaitingRun
from penstockd.scheduler.rules.work import Claimed, Demand, Work
from penstockd.scheduler.rules.work_pool import DEFAULT_QUEUE
from penstockd.scheduler.rules.worker import SessionTerms

if TYPE_CHECKING:
    from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceAsyncStub
    from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceAsyncStub
    from penstock.api.state.v1.worker_session_service_pb2_grpc import (
        WorkerSessionServiceAsyncStub,
    )

SCHEDULED = state_pb2.STATE_TYPE_SCHEDULED


class WireState:
    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._flow_runs: FlowRunServiceAsyncStub = FlowRunServiceStub(channel)
        self._leases: LeaseServiceAsyncStub = LeaseServiceStub(channel)
        self._sessions: WorkerSessionServiceAsyncStub = WorkerSessionServiceStub(channel)

    async def open_session(self, namespace: str, session_id: UUID) -> SessionTerms:
        request = worker_session_service_pb2.OpenWorkerSessionRequest(
            namespace=namespace,
            session_id=str(session_id),
            kind=worker_session_pb2.SESSION_KIND_EXECUTOR,
        )
        with named_errors():
            reply = await self._sessions.OpenWorkerSession(request)
        return SessionTerms(
            alive=reply.session.alive,
            ttl=duration_from_proto(reply.ttl, "ttl"),
            renew_interval=duration_from_proto(reply.renew_interval, "renew_interval"),
            ack_deadline=duration_from_proto(reply.ack_deadline, "ack_deadline"),
        )

    async def create_run(self, run: NewRun, *, request_id: UUID) -> CreatedRun:
        with named_errors():
            reply = await self._flow_runs.CreateFlowRun(_creation(run, request_id))
        made = reply.flow_run
        return CreatedRun(
            id=UUID(made.id),
            name=made.name,
            deployment_version=made.deployment_version,
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
        )
        with named_errors():
            reply = await self._leases.Claim(request)
        return Claimed(
            works=[_work(each) for each in reply.claimed],
            next_due=optional_duration(reply, "next_due"),
        )

    async def watch_runs(self, namespace: str, cursor: str) -> AsyncGenerator[RunNews, None]:
        request = flow_run_service_pb2.WatchFlowRunsRequest(namespace=namespace, cursor=cursor)
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
        flow_name=run.flow_name,
        flow_version=run.flow_version,
        name=run.name,
        parameters=json_payload(run.parameters),
        tags=run.tags,
        deployment_id=str(run.deployment_id),
        deployment_version=run.deployment_version,
        launch=launch_to_proto(run.launch),
        work_pool=run.work_pool,
        work_queue=run.work_queue,
        idempotency_key=run.idempotency_key,
        traceparent=run.traceparent,
    )
    request.retry_policy.max_retries = run.max_retries
    request.retry_policy.retry_delays.extend(map(duration_to_proto, run.retry_delays))
    put_time(request.expected_start_time, run.expected_start_time)
    return request


def _waits(run: flow_run_pb2.FlowRun) -> bool:
    return run.state.type == SCHEDULED and bool(run.work_pool)


def _waiting(run: flow_run_pb2.FlowRun) -> WaitingRun:
    return WaitingRun(
        id=UUID(run.id),
        revision=run.revision,
        work_pool=run.work_pool,
        work_queue=run.work_queue or DEFAULT_QUEUE,
    )


def _work(claimed: lease_service_pb2.ClaimedRun) -> Work:
    run, lease = claimed.flow_run, claimed.lease
    reason = lease_pb2.LeaseReason.Name(lease.reason).removeprefix("LEASE_REASON_")
    return Work(
        lease_id=UUID(lease.ref.lease_id),
        fence=lease.ref.fence,
        flow_run_id=UUID(run.id),
        flow_run_name=run.name,
        flow_name=run.flow_name,
        deployment_id=optional_uuid(run.deployment_id, "deployment_id"),
        deployment_version=run.deployment_version,
        launch=launch_from_proto(run.launch),
        parameters=optional_payload(run, "parameters"),
        attempt=lease.attempt,
        reason=reason.lower(),
        checkpoint=optional_payload(lease, "checkpoint"),
        traceparent=run.traceparent or lease.traceparent,
        deadline=optional_time(lease, "deadline"),
        timeout=optional_duration(lease, "timeout"),
    )
