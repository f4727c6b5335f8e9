"""The scheduler behind either transport, with the real state service behind it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import grpc

from penstock.api.scheduler.v1.deployment_service_pb2_grpc import DeploymentServiceStub
from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceStub
from penstock.api.scheduler.v1.work_service_pb2_grpc import WorkServiceStub
from penstock.api.scheduler.v1.worker_service_pb2_grpc import WorkerServiceStub
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceStub
from penstock.api.state.v1.worker_session_service_pb2_grpc import WorkerSessionServiceStub
from penstock.errors import Unavailable
from penstock.wire_channels import with_call_defaults
from penstockd.chassis.chain import Chain, Layer, Method, Stream, Unary
from penstockd.chassis.clock import system_clock
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.deadlines import Deadlines
from penstockd.chassis.draining import Draining
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.loops import LoopRunner
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server, ServerConfig
from penstockd.chassis.validation import Validation
from penstockd.chassis.wire_errors import WireErrors
from penstockd.database import Database
from penstockd.scheduler import wiring
from penstockd.state import wiring as state_wiring

if TYPE_CHECKING:
    from penstock.api.scheduler.v1.deployment_service_pb2_grpc import (
        DeploymentServiceAsyncStub,
    )
    from penstock.api.scheduler.v1.work_pool_service_pb2_grpc import WorkPoolServiceAsyncStub
    from penstock.api.scheduler.v1.work_service_pb2_grpc import WorkServiceAsyncStub
    from penstock.api.scheduler.v1.worker_service_pb2_grpc import WorkerServiceAsyncStub
    from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceAsyncStub
    from penstock.api.state.v1.lease_service_pb2_grpc import LeaseServiceAsyncStub
    from penstock.api.state.v1.worker_session_service_pb2_grpc import (
        WorkerSessionServiceAsyncStub,
    )

NEVER = timedelta(hours=1)
USUAL = state_wiring.Config()
check = contract_check()


@dataclass(slots=True)
class Wire:
    """The way to the state service: it counts answered calls and streams, and can be cut.

    Whoever waits for a count then knows what was seen by that call: what is made afterwards
    was not.
    """

    calls: Counter[str] = field(default_factory=Counter)
    cut: bool = False

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        async def passed(request: Any, context: Any) -> Any:
            if self.cut:
                raise Unavailable("the wire is cut")
            reply = await behaviour(request, context)
            self.calls[method.name] += 1
            return reply

        return passed

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        def passed(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            self.calls[method.name] += 1
            return behaviour(request, context)

        return passed


class AlwaysAlive:
    def is_alive(self, _session_id: UUID, /) -> bool:
        return True


@dataclass(slots=True, kw_only=True)
class Site:
    pools: WorkPoolServiceAsyncStub
    deployments: DeploymentServiceAsyncStub
    work: WorkServiceAsyncStub
    workers: WorkerServiceAsyncStub
    runs: FlowRunServiceAsyncStub
    leases: LeaseServiceAsyncStub
    sessions: WorkerSessionServiceAsyncStub
    wire: Wire
    drain: Callable[[], None]


@asynccontextmanager
async def a_site(
    database: Database,
    transport: str,
    *,
    look_again: timedelta = NEVER,
    follows: bool = True,
    state_config: state_wiring.Config = USUAL,
) -> AsyncIterator[Site]:
    """Serve both; by default nobody looks without being woken."""
    clock, wire = system_clock(), Wire()
    state = state_wiring.build(state_config, database, clock=clock, liveness=AlwaysAlive())
    layers: list[Layer] = [WireErrors(), wire, Deadlines(), Validation(check)]
    to_state = with_call_defaults(local_channel(state, Chain(layers)))
    mounted = wiring.build(
        wiring.Config(look_again=look_again),
        database,
        channels={"state": to_state},
        clock=clock,
    )
    loops = LoopRunner(clock)
    loops.start(state.loops)
    if not follows:
        mounted = replace(mounted, loops=())
    async with _served(mounted, transport) as (channel, drain):
        yield Site(
            pools=WorkPoolServiceStub(channel),
            deployments=DeploymentServiceStub(channel),
            work=WorkServiceStub(channel),
            workers=WorkerServiceStub(channel),
            runs=FlowRunServiceStub(to_state),
            leases=LeaseServiceStub(to_state),
            sessions=WorkerSessionServiceStub(to_state),
            wire=wire,
            drain=drain,
        )
    await loops.stop()
    await to_state.close()


@asynccontextmanager
async def _served(
    mounted: Mounted, transport: str
) -> AsyncIterator[tuple[grpc.aio.Channel, Callable[[], None]]]:
    if transport == "local":
        draining, loops = Draining(), LoopRunner(system_clock())
        loops.start(mounted.loops)
        channel = local_channel(mounted, standard_chain(draining=draining, check=check))
        yield with_call_defaults(channel), draining.begin
        await loops.stop()
        await channel.close()
        return
    config = ServerConfig(drain_limit=timedelta(milliseconds=200))
    server = Server([mounted], config, clock=system_clock(), check=check)
    async with server, grpc.aio.insecure_channel(server.address) as channel:
        ending: list[asyncio.Task[None]] = []
        yield (
            with_call_defaults(channel),
            lambda: ending.append(asyncio.create_task(server.drain())),
        )
        await asyncio.gather(*ending)
