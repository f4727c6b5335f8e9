"""The echo service behind each transport; the tests must not see which one it is."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import grpc
import pytest
import pytest_asyncio

from contract.chassis.echo_service import EchoServicer, EchoStub
from penstock.errors import FieldViolation
from penstockd.chassis.clock import system_clock
from penstockd.chassis.draining import Draining
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_channel import local_channel
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server, ServerConfig

CONFIG = ServerConfig(drain_limit=timedelta(milliseconds=200))


def no_spaces(request: Any) -> Sequence[FieldViolation]:
    if " " in request.value:
        return [FieldViolation(field="value", description="must hold no space")]
    return []


@pytest_asyncio.fixture
async def servicer() -> EchoServicer:
    return EchoServicer()


@pytest.fixture(params=["local", "socket"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture
async def stub(transport: str, servicer: EchoServicer) -> AsyncIterator[EchoStub]:
    mounted = Mounted(servicers=[servicer])
    if transport == "local":
        channel = local_channel(mounted, standard_chain(draining=Draining(), check=no_spaces))
        yield EchoStub(channel)
        await channel.close()
        return
    async with (
        Server([mounted], CONFIG, clock=system_clock(), check=no_spaces) as server,
        grpc.aio.insecure_channel(server.address) as channel,
    ):
        yield EchoStub(channel)
