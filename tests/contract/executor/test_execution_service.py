"""The service behind each transport; the tests must not see which one it is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
import pytest_asyncio

from penstock.api.executor.v1 import execution_pb2
from penstock.api.executor.v1 import execution_service_pb2 as pb
from penstock.api.executor.v1.execution_service_pb2_grpc import ExecutionServiceStub
from penstock.errors import ExecutionNotFound, InvalidArgument, PageTokenInvalid
from penstock.wire_channels import with_call_defaults
from penstock.wire_errors import named_errors
from penstockd.chassis.clock import system_clock
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.loops import LoopRunner
from penstockd.chassis.server import Server, ServerConfig
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from penstockd.executor.wiring import Config, Peers, put_together
from unit.executor.builders import a_work, an_id
from unit.executor.peers import MemoryLeases, MemoryLogs, MemoryScheduler
from unit.executor.supervising import HEAD

if TYPE_CHECKING:
    from penstock.api.executor.v1.execution_service_pb2_grpc import (
        ExecutionServiceAsyncStub as Stub,
    )

pytestmark = pytest.mark.asyncio

RUNNING = execution_pb2.EXECUTION_PHASE_RUNNING
STOPPING = execution_pb2.EXECUTION_PHASE_STOPPING
ENDED = execution_pb2.EXECUTION_PHASE_ENDED


@dataclass(slots=True, kw_only=True)
class Site:
    """The service as a caller sees it, and what is put under it."""

    stub: Stub
    scheduler: MemoryScheduler
    logs: MemoryLogs

    async def a_running_execution(self) -> execution_pb2.Execution:
        work = a_work()
        self.scheduler.works.put_nowait(work)
        reply = pb.GetExecutionResponse()
        async with watching(self.stub, str(work.lease.lease_id)) as batches:
            async for batch in batches:
                if any(change.phase == RUNNING for change in batch.changes):
                    break
        request = pb.GetExecutionRequest(execution_id=str(work.lease.lease_id))
        reply = await self.stub.GetExecution(request)
        return reply.execution


@pytest_asyncio.fixture(params=["local", "socket"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    clock = system_clock()
    url = f"sqlite:///{tmp_path}/executor.db"
    database = await open_database(url, schemas=[schema_of("executor")])
    peers = Peers(scheduler=MemoryScheduler(), leases=MemoryLeases(), logs=MemoryLogs())
    config = Config(
        program=("-Iuc", HEAD + 'print("up"); time.sleep(60)'),
        interpreter=sys.executable,
        cancel_token=timedelta(milliseconds=500),
        drain_grace=timedelta(0),
    )
    mounted = put_together(config, database, peers, clock=clock)
    async with asyncio.timeout(20):
        if request.param == "socket":
            async with (
                Server(
                    [mounted], ServerConfig(), clock=clock, check=contract_check()
                ) as server,
                grpc.aio.insecure_channel(server.address) as channel,
            ):
                yield _site(channel, peers)
        else:
            loops = LoopRunner(clock)
            loops.start(mounted.loops)
            channel = local_channel(mounted, standard_chain(check=contract_check()))
            yield _site(channel, peers)
            await mounted.drain()
            await channel.close()
            await loops.stop()
    await database.close()


def _site(channel: grpc.aio.Channel, peers: Any) -> Site:
    stub = ExecutionServiceStub(with_call_defaults(channel))
    return Site(stub=stub, scheduler=peers.scheduler, logs=peers.logs)


@asynccontextmanager
async def watching(stub: Stub, execution_id: str = "") -> AsyncIterator[AsyncIterator[Any]]:
    call = stub.WatchExecutions(pb.WatchExecutionsRequest(execution_id=execution_id))
    yield aiter(call)
    call.cancel()


async def test_a_running_process_is_shown(site: Site) -> None:
    execution = await site.a_running_execution()
    assert execution.namespace == "home"
    assert (execution.fence, execution.pid > 1) == (3, True)
    assert not execution.HasField("exit_code")
    listed = await site.stub.ListExecutions(pb.ListExecutionsRequest(active_only=True))
    assert list(listed.executions) == [execution]
    assert listed.next_page_token == ""


async def test_pages_join_without_gap_or_double(site: Site) -> None:
    ids = [(await site.a_running_execution()).id for _ in range(3)]
    first = await site.stub.ListExecutions(pb.ListExecutionsRequest(page_size=2))
    second = await site.stub.ListExecutions(
        pb.ListExecutionsRequest(page_size=2, page_token=first.next_page_token)
    )
    seen = [execution.id for execution in (*first.executions, *second.executions)]
    assert seen == sorted(ids, reverse=True)
    assert second.next_page_token == ""


async def test_a_page_token_belongs_to_its_filter(site: Site) -> None:
    for _ in range(2):
        await site.a_running_execution()
    page = await site.stub.ListExecutions(pb.ListExecutionsRequest(page_size=1))
    other = pb.ListExecutionsRequest(active_only=True, page_token=page.next_page_token)
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.stub.ListExecutions(other)


async def test_a_stop_returns_at_once_and_is_idempotent(site: Site) -> None:
    execution = await site.a_running_execution()
    request = pb.StopExecutionRequest(execution_id=execution.id)
    for _ in range(2):
        reply = await site.stub.StopExecution(request)
        assert reply.execution.phase == STOPPING
        assert reply.execution.message == "stopped by an operator"


async def test_a_watch_sees_a_process_to_its_end(site: Site) -> None:
    execution = await site.a_running_execution()
    async with watching(site.stub) as batches:
        assert [it.id for it in (await anext(batches)).changes] == [execution.id]
        await site.stub.StopExecution(pb.StopExecutionRequest(execution_id=execution.id))
        phases = []
        async for batch in batches:
            phases += [change.phase for change in batch.changes]
            if ENDED in phases:
                break
    assert phases == [STOPPING, ENDED]
    request = pb.GetExecutionRequest(execution_id=execution.id)
    over = (await site.stub.GetExecution(request)).execution
    assert (over.exit_code, over.message) == (-15, "killed by SIGTERM")
    again = await site.stub.StopExecution(pb.StopExecutionRequest(execution_id=execution.id))
    assert again.execution == over


async def test_an_unknown_execution_is_not_found(site: Site) -> None:
    with pytest.raises(ExecutionNotFound), named_errors():
        await site.stub.GetExecution(pb.GetExecutionRequest(execution_id=str(an_id())))
    with pytest.raises(ExecutionNotFound), named_errors():
        await site.stub.StopExecution(pb.StopExecutionRequest(execution_id=str(an_id())))


async def test_an_id_that_is_none_is_refused(site: Site) -> None:
    with pytest.raises(InvalidArgument), named_errors():
        await site.stub.GetExecution(pb.GetExecutionRequest(execution_id="seven"))
