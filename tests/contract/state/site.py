"""The state service as its callers see it, with the hands of a test on its time."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import grpc

from builders import NAMESPACE, HandClock, Living
from contract.state import requests
from penstock.api.state.v1 import (
    flow_run_pb2,
    flow_run_service_pb2,
    transition_pb2,
    transition_service_pb2,
)
from penstock.api.state.v1.flow_run_graph_service_pb2_grpc import FlowRunGraphServiceStub
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.flow_service_pb2_grpc import FlowServiceStub
from penstock.api.state.v1.journal_service_pb2_grpc import JournalServiceStub
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.task_run_service_pb2_grpc import TaskRunServiceStub
from penstock.api.state.v1.transition_service_pb2_grpc import TransitionServiceStub
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.api.type.v1 import lease_pb2
from penstockd.chassis.draining import Draining
from penstockd.chassis.mounted import Mounted
from penstockd.database import Database


class Site:
    def __init__(self, channel: grpc.aio.Channel, *, inside: "Inside") -> None:
        self.flows: Any = FlowServiceStub(channel)
        self.flow_runs: Any = FlowRunServiceStub(channel)
        self.transitions: Any = TransitionServiceStub(channel)
        self.graphs: Any = FlowRunGraphServiceStub(channel)
        self.task_runs: Any = TaskRunServiceStub(channel)
        self.journal: Any = JournalServiceStub(channel)
        self.leases: Any = LeaseServiceStub(channel)
        self.sessions: Any = WorkerSessionServiceStub(channel)
        self.logs: Any = LogServiceStub(channel)
        self.inside = inside

    async def a_run(self, **changes: Any) -> flow_run_pb2.FlowRun:
        """A run that waits for a worker."""
        pooled = {"work_pool": requests.POOL, "work_queue": requests.QUEUE}
        created = await self.flow_runs.CreateFlowRun(requests.a_creation(**pooled | changes))
        # Ids sort by the millisecond of their making.
        self.inside.clock.forward(timedelta(milliseconds=1))
        return created.flow_run  # type: ignore[no-any-return]

    async def an_owned_run(self, kind: str = "SCRIPT", **changes: Any) -> lease_pb2.Lease:
        """A script's own run, in PENDING."""
        claim = requests.a_claim_for(requests.fresh(), kind)
        created = await self.flow_runs.CreateFlowRun(
            requests.a_creation(claim=claim, **changes)
        )
        return created.lease  # type: ignore[no-any-return]

    async def a_running_run(self, **changes: Any) -> lease_pb2.Lease:
        lease = await self.an_owned_run(**changes)
        await self.move(lease, "RUNNING")
        return lease

    async def a_session(self, kind: str = "EXECUTOR") -> str:
        opened = await self.sessions.OpenWorkerSession(requests.a_session(kind))
        return str(opened.session.id)

    async def a_claimed_run(self, session_id: str, **changes: Any) -> lease_pb2.Lease:
        await self.a_run(**changes)
        answer = await self.leases.Claim(requests.a_claim(session_id))
        return answer.claimed[0].lease  # type: ignore[no-any-return]

    async def move(
        self, lease: lease_pb2.Lease, to: str, **changes: Any
    ) -> transition_service_pb2.TransitionFlowRunResponse:
        request = requests.a_move(lease.run.flow_run_id, to, lease=lease.lease_ref, **changes)
        return await self.transitions.TransitionFlowRun(request)  # type: ignore[no-any-return]

    async def cancel(self, flow_run_id: str) -> flow_run_pb2.FlowRun:
        answer = await self.flow_runs.CancelFlowRun(requests.a_cancel(flow_run_id))
        return answer.flow_run  # type: ignore[no-any-return]

    async def history(self, flow_run_id: str) -> list[transition_pb2.FlowRunTransition]:
        found = await self.transitions.ListFlowRunTransitions(
            transition_service_pb2.ListFlowRunTransitionsRequest(
                namespace=NAMESPACE, flow_run_id=flow_run_id, page_size=200
            )
        )
        return list(found.transitions)

    async def run(self, flow_run_id: str) -> flow_run_pb2.FlowRun:
        found = await self.flow_runs.GetFlowRun(
            flow_run_service_pb2.GetFlowRunRequest(namespace=NAMESPACE, flow_run_id=flow_run_id)
        )
        return found.flow_run  # type: ignore[no-any-return]

    async def state(self, flow_run_id: str) -> str:
        return requests.type_of((await self.run(flow_run_id)).state)

    async def pass_time(self, **by: float) -> None:
        """Let time pass in small steps, with the expiry loop ticking as it would."""
        left = timedelta(**by)
        while left > timedelta(0):
            self.inside.clock.forward(min(left, timedelta(seconds=1)))
            left -= timedelta(seconds=1)
            await self.inside.tick()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What a caller does not see."""

    mounted: Mounted
    database: Database
    clock: HandClock
    living: Living
    draining: Draining

    async def tick(self, name: str = "state.expiry") -> timedelta:
        for loop in self.mounted.loops:
            if loop.name == name:
                return await loop.tick(self.clock())
        raise AssertionError(f"no loop {name}")
