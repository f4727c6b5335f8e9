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
from uuid import UUID

import grpc
import pytest
import pytest_asyncio

from hanging import HANG_LIMIT
from penstock.api.executor.v1 import execution_pb2
from penstock.api.executor.v1 import execution_service_pb2 as pb
from penstock.api.executor.v1.execution_service_pb2_grpc import ExecutionServiceStub
from penstock.errors import (
    CursorExpired,
    CursorInvalid,
    ExecutionNotFound,
    InvalidArgument,
    PageTokenInvalid,
)
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
from penstockd.executor.wiring import Config, Peers, put_together, runtimes_of
from unit.executor.builders import a_work, an_id
from unit.executor.peers import MemoryLeases, MemoryLogs, MemoryScheduler
from unit.executor.supervising import process_program

if TYPE_CHECKING:
    from penstock.api.executor.v1.execution_service_pb2_grpc import (
        ExecutionServiceAsyncStub as Stub,
    )

pytestmark = pytest.mark.asyncio

HOME = "home"
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
        cursor = (await self.list()).watch_cursor
        self.scheduler.works.put_nowait(work)
        execution_id = str(work.lease.lease_id)
        async with self.watching(execution_id=execution_id, cursor=cursor) as batches:
            async for batch in batches:
                if any(change.phase == RUNNING for change in batch.changes):
                    break
        return await self.get(execution_id)

    async def list(self, **changes: Any) -> pb.ListExecutionsResponse:
        request = pb.ListExecutionsRequest(**{"namespace": HOME, **changes})
        with named_errors():
            return await self.stub.ListExecutions(request)

    async def get(self, execution_id: str, **changes: Any) -> execution_pb2.Execution:
        keys = {"namespace": HOME, "execution_id": execution_id, **changes}
        with named_errors():
            return (await self.stub.GetExecution(pb.GetExecutionRequest(**keys))).execution

    async def stop(self, execution_id: str, **changes: Any) -> execution_pb2.Execution:
        keys = {"namespace": HOME, "execution_id": execution_id, **changes}
        with named_errors():
            return (await self.stub.StopExecution(pb.StopExecutionRequest(**keys))).execution

    @asynccontextmanager
    async def watching(self, **changes: Any) -> AsyncIterator[AsyncIterator[Any]]:
        request = pb.WatchExecutionsRequest(**{"namespace": HOME, **changes})
        call = self.stub.WatchExecutions(request)
        with named_errors():
            yield aiter(call)
        call.cancel()


@pytest_asyncio.fixture(params=["local", "socket"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    clock = system_clock()
    url = f"sqlite:///{tmp_path}/executor.db"
    database = await open_database(url, schemas=[schema_of("executor")])
    peers = Peers(scheduler=MemoryScheduler(), leases=MemoryLeases(), logs=MemoryLogs())
    config = Config(
        program=process_program('print("up"); time.sleep(600)'),
        interpreter=sys.executable,
        cancel_token=timedelta(milliseconds=500),
        drain_grace=timedelta(0),
    )
    mounted = put_together(config, database, peers, runtimes=runtimes_of(config), clock=clock)
    async with asyncio.timeout(HANG_LIMIT):
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


async def test_a_running_child_is_shown(site: Site) -> None:
    execution = await site.a_running_execution()
    assert execution.namespace == HOME
    assert (execution.lease.lease_id, execution.lease.fence) == (execution.id, 3)
    assert UUID(execution.run.flow_run_id)
    assert (execution.runtime, bool(execution.handle)) == ("process", True)
    assert not execution.HasField("exit_code")
    listed = await site.list(active_only=True)
    assert list(listed.executions) == [execution]
    assert listed.next_page_token == ""


async def test_pages_join_without_gap_or_double(site: Site) -> None:
    ids = [(await site.a_running_execution()).id for _ in range(3)]
    first = await site.list(page_size=2)
    second = await site.list(page_size=2, page_token=first.next_page_token)
    seen = [execution.id for execution in (*first.executions, *second.executions)]
    assert seen == sorted(ids, reverse=True)
    assert second.next_page_token == ""


@pytest.mark.parametrize("other", [{"active_only": True}, {"namespace": "away"}])
async def test_a_page_token_belongs_to_its_question(site: Site, other: Any) -> None:
    for _ in range(2):
        await site.a_running_execution()
    page = await site.list(page_size=1)
    with pytest.raises(PageTokenInvalid):
        await site.list(page_token=page.next_page_token, **other)


async def test_a_stop_returns_at_once_and_is_idempotent(site: Site) -> None:
    execution = await site.a_running_execution()
    for _ in range(2):
        stopped = await site.stop(execution.id)
        assert stopped.phase == STOPPING
        assert stopped.message == "stopped by an operator"


async def test_a_watch_from_now_begins_with_nothing(site: Site) -> None:
    await site.a_running_execution()
    async with site.watching() as batches:
        first = await anext(batches)
    assert list(first.changes) == []
    assert first.cursor


async def test_a_watch_sees_a_child_from_the_list_to_its_end(site: Site) -> None:
    execution = await site.a_running_execution()
    listed = await site.list()
    await site.stop(execution.id)
    async with site.watching(cursor=listed.watch_cursor) as batches:
        phases = []
        async for batch in batches:
            phases += [change.phase for change in batch.changes]
            if ENDED in phases:
                break
    assert phases == [STOPPING, ENDED]
    over = await site.get(execution.id)
    # It did not exit by itself, so there is no code of its own.
    assert (over.HasField("exit_code"), over.message) == (False, "killed by SIGTERM")
    assert over.revision == execution.revision + 2
    assert await site.stop(execution.id) == over


async def test_a_watch_goes_on_after_its_last_cursor(site: Site) -> None:
    before = (await site.list()).watch_cursor
    first = await site.a_running_execution()
    async with site.watching(cursor=before) as batches:
        batch = await anext(batches)
    assert {it.id for it in batch.changes} == {first.id}
    second = await site.a_running_execution()
    async with site.watching(cursor=batch.cursor) as batches:
        assert {it.id for it in (await anext(batches)).changes} == {second.id}


async def test_a_watch_from_what_is_no_cursor_is_refused(site: Site) -> None:
    with pytest.raises(CursorInvalid):
        async with site.watching(cursor="yesterday") as batches:
            await anext(batches)


async def test_a_watch_from_a_cursor_of_another_executor_is_refused(site: Site) -> None:
    with pytest.raises(CursorExpired):
        async with site.watching(cursor="0.4711") as batches:
            await anext(batches)


async def test_an_unknown_execution_is_not_found(site: Site) -> None:
    with pytest.raises(ExecutionNotFound):
        await site.get(str(an_id()))
    with pytest.raises(ExecutionNotFound):
        await site.stop(str(an_id()))


async def test_an_execution_is_not_found_in_another_namespace(site: Site) -> None:
    execution = await site.a_running_execution()
    with pytest.raises(ExecutionNotFound):
        await site.get(execution.id, namespace="away")
    with pytest.raises(ExecutionNotFound):
        await site.stop(execution.id, namespace="away")
    assert list((await site.list(namespace="away")).executions) == []
    assert (await site.get(execution.id)).phase == RUNNING


async def test_an_id_that_is_none_is_refused(site: Site) -> None:
    with pytest.raises(InvalidArgument):
        await site.get("seven")
