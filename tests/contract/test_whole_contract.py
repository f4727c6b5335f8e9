"""The contract as a whole: what it describes is served, and what it can refuse is refused.

That every method answers and every reason is given over a socket is seen by `witness`, over a
run of the whole suite; here are the reasons for which a service must be in trouble.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, cast

import grpc
import pytest
import pytest_asyncio

from penstock import errors
from penstock.api.state.v1.flow_run_service_pb2 import WatchFlowRunsRequest
from penstock.api.state.v1.flow_run_service_pb2_grpc import FlowRunServiceStub
from penstock.api.state.v1.flow_service_pb2 import ListFlowsRequest
from penstock.api.state.v1.flow_service_pb2_grpc import FlowServiceStub
from penstock.wire_channels import open_channel
from penstock.wire_errors import named_errors
from penstockd.assembly.services import SERVICES, mount
from penstockd.assembly.site import Site
from penstockd.chassis.chain import Chain, Layer
from penstockd.chassis.clock import system_clock
from penstockd.chassis.deadlines import Deadlines
from penstockd.chassis.mounted import Mounted, handlers_of
from penstockd.chassis.server import Server, ServerConfig
from penstockd.chassis.wire_errors import WireErrors
from penstockd.database.open import open_database
from penstockd.database.schemas import schema_of
from witness import Seen, all_methods, all_reasons

NAMESPACE = "default"
STORE = "penstock.db"
SECONDS = 5.0


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    database = await open_database(
        f"sqlite:///{tmp_path / STORE}", schemas=[schema_of(each) for each in SERVICES]
    )
    yield Site(store=tmp_path, database=database, clock=system_clock())
    await database.close()


@pytest_asyncio.fixture
async def state(site: Site) -> Mounted:
    return await mount(SERVICES["state"], site, {})


@pytest_asyncio.fixture
async def channel(state: Mounted) -> AsyncIterator[grpc.aio.Channel]:
    server = Server([Mounted(servicers=state.servicers)], ServerConfig(), clock=system_clock())
    async with server, open_channel(server.address, retries=False) as opened:
        yield opened


async def list_flows(channel: grpc.aio.Channel, *, timeout: float | None = SECONDS) -> None:
    stub: Any = FlowServiceStub(channel)
    with named_errors():
        await stub.ListFlows(ListFlowsRequest(namespace=NAMESPACE), timeout=timeout)


@pytest.mark.asyncio
async def test_each_method_is_served_by_the_service_of_its_package(site: Site) -> None:
    async with open_channel("127.0.0.1:1") as nowhere:
        served = {
            path
            for name, service in SERVICES.items()
            for path in handlers_of(
                await mount(service, site, dict.fromkeys(SERVICES, nowhere))
            ).by_method
            if path.startswith(f"/penstock.api.{name}.")
        }
    assert served == all_methods()


def test_each_reason_is_that_of_one_class() -> None:
    found: set[type[errors.PenstockError]] = {
        errors.PenstockError,
        *_below(errors.PenstockError),
    }
    reasons = [each.reason for each in found if each.__module__ == errors.__name__]
    assert all_reasons() <= set(reasons)


def test_the_witness_misses_what_it_has_not_seen() -> None:
    method, reason = min(all_methods()), min(all_reasons())
    all_but_one = Seen(methods=all_methods() - {method}, reasons=all_reasons() - {reason})
    assert len(all_but_one.missing()) == 2
    assert method in all_but_one.missing()[0]
    assert reason in all_but_one.missing()[1]
    assert Seen(methods=all_methods(), reasons=all_reasons()).missing() == []


@pytest.mark.asyncio
async def test_a_call_without_a_deadline_is_told_to_bring_one(
    channel: grpc.aio.Channel,
) -> None:
    with pytest.raises(errors.DeadlineMissing, match="timeout=10"):
        await list_flows(channel, timeout=None)


@pytest.mark.asyncio
async def test_what_is_wrong_inside_is_not_told_outside(
    channel: grpc.aio.Channel, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / STORE)) as connection:
        connection.execute("DROP TABLE state_flow")
        connection.commit()
    with pytest.raises(errors.PenstockError) as caught:
        await list_flows(channel)
    assert caught.value.reason == "INTERNAL"
    assert "state_flow" not in str(caught.value)


@pytest.mark.asyncio
async def test_a_service_without_its_database_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / STORE}"
    database = await open_database(url, schemas=[schema_of("state")])
    site = Site(store=tmp_path, database=database, clock=system_clock())
    async with _served(await mount(SERVICES["state"], site, {}), [WireErrors()]) as channel:
        await database.close()
        with pytest.raises(errors.StorageUnavailable):
            await list_flows(channel)


@pytest.mark.asyncio
async def test_a_watch_ends_at_the_longest_time_that_a_server_allows(state: Mounted) -> None:
    layers: list[Layer] = [WireErrors(), Deadlines(longest_stream=0.05)]
    async with _served(state, layers) as channel:
        stub: Any = FlowRunServiceStub(channel)
        watch = stub.WatchFlowRuns(WatchFlowRunsRequest(namespace=NAMESPACE), timeout=SECONDS)
        with pytest.raises(errors.DeadlineExceeded, match="its time limit"), named_errors():
            async for _ in watch:
                pass


@asynccontextmanager
async def _served(mounted: Mounted, layers: Sequence[Layer]) -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.aio.server(interceptors=[cast(Any, Chain(layers))])
    mounted.add_to(server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with open_channel(f"127.0.0.1:{port}", retries=False) as channel:
        yield channel
    await server.stop(None)


def _below(kind: type[errors.PenstockError]) -> set[type[errors.PenstockError]]:
    direct = set(kind.__subclasses__())
    return direct | {each for one in direct for each in _below(one)}
