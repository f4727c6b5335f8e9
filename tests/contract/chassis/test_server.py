"""How a server begins, what it says of itself, and how it ends."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.wrappers_pb2 import StringValue
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from contract.chassis.echo_service import SERVICE, EchoServicer, EchoStub, soon, text
from hanging import HANG_LIMIT
from penstock.errors import PenstockError, ShuttingDown
from penstock.wire_errors import named_errors
from penstockd.chassis.clock import system_clock
from penstockd.chassis.config import ConfigError
from penstockd.chassis.health import LIVENESS, NOT_SERVING, READINESS, SERVING, Health
from penstockd.chassis.loops import Loop
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server, ServerConfig

pytestmark = pytest.mark.asyncio

SOON = 30
# Than anybody waits: only then are calls cut off that were not let go.
LONGER = 2 * HANG_LIMIT


def a_server(*mounted: Mounted, drain_limit: float = 5, **config: object) -> Server:
    settings = ServerConfig(drain_limit=timedelta(seconds=drain_limit), **config)  # type: ignore[arg-type]
    return Server(mounted, settings, clock=system_clock())


@asynccontextmanager
async def serving(servicer: EchoServicer) -> AsyncIterator[tuple[Server, EchoStub]]:
    server = a_server(Mounted(servicers=[servicer]), drain_limit=LONGER)
    address = await server.start()
    async with grpc.aio.insecure_channel(address) as channel:
        yield server, EchoStub(channel)
    await server.drain()


async def health_at(address: str, service: str, *, until: int | None = None) -> int:
    """Return what health says first, or wait until it says what is asked for."""
    async with grpc.aio.insecure_channel(address) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        request = health_pb2.HealthCheckRequest(service=service)
        async for reply in stub.Watch(request, timeout=SOON):
            known = reply.status != health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
            if known and until in (None, reply.status):
                return int(reply.status)
    raise AssertionError("the health of the service was never known")


@pytest.mark.parametrize("method", ["AcquireEcho", "WatchEcho"])
async def test_a_drain_lets_parked_calls_go_at_once(method: str) -> None:
    servicer = EchoServicer()
    async with serving(servicer) as (server, stub):
        call = getattr(stub, method)(text("x"), timeout=SOON)
        if method == "WatchEcho":
            await anext(aiter(call))
        await soon(servicer.parked)
        async with asyncio.timeout(HANG_LIMIT):
            await server.drain()
        with pytest.raises(ShuttingDown), named_errors():
            await (anext(aiter(call)) if method == "WatchEcho" else call)
        assert servicer.cancelled.is_set()


async def test_a_drain_lets_other_calls_end() -> None:
    go_on = asyncio.Event()

    class Slow(EchoServicer):
        async def park(self, request: StringValue, _context: object) -> StringValue:
            self.parked.set()
            await go_on.wait()
            return request

    servicer = Slow()
    async with serving(servicer) as (server, stub):
        call = stub.Sleep(text("x"), timeout=SOON)
        await soon(servicer.parked)
        draining = asyncio.create_task(server.drain())
        await asyncio.sleep(0)
        assert not draining.done()
        go_on.set()
        assert await call == text("x")
        await draining


async def test_a_drain_tells_health_before_anything_ends() -> None:
    servicer = EchoServicer()
    async with serving(servicer) as (server, stub):
        watch = health_pb2_grpc.HealthStub(stub.channel).Watch  # type: ignore[attr-defined]
        call = watch(health_pb2.HealthCheckRequest(service=SERVICE), timeout=SOON)
        told = [reply.status async for reply in before(call, SERVING)]
        running = stub.Sleep(text("x"), timeout=SOON)
        await soon(servicer.parked)
        draining = asyncio.create_task(server.drain())
        told += [reply.status async for reply in call]
        assert told[-2:] == [SERVING, NOT_SERVING]
        assert not draining.done()
        running.cancel()
        async with asyncio.timeout(HANG_LIMIT):
            await draining


async def before(replies: Any, status: int) -> AsyncIterator[Any]:
    """Iterate up to the reply with this status."""
    async for reply in replies:
        yield reply
        if reply.status == status:
            return


async def test_health_does_not_know_other_names() -> None:
    async with serving(EchoServicer()) as (_, stub):
        check = health_pb2_grpc.HealthStub(stub.channel).Check  # type: ignore[attr-defined]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await check(health_pb2.HealthCheckRequest(service="other"), timeout=SOON)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_drain_stops_the_loops() -> None:
    ticked, stopped = asyncio.Event(), asyncio.Event()

    async def tick(_now: object) -> timedelta:
        ticked.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return timedelta(0)

    async with a_server(Mounted(servicers=[], loops=[Loop("busy", tick)])):
        await ticked.wait()
    assert stopped.is_set()


async def test_a_drain_lets_a_service_give_back_what_it_holds() -> None:
    given_back = asyncio.Event()

    async def give_back() -> None:
        given_back.set()

    async def break_down() -> None:
        raise ValueError("broken")

    broken = Mounted(servicers=[], drain=break_down)
    async with a_server(broken, Mounted(servicers=[], drain=give_back)):
        assert not given_back.is_set()
    assert given_back.is_set()


async def test_who_lives_and_is_not_ready_is_not_started_again() -> None:
    lack = "database"

    async def lacking() -> str:
        return lack

    broken = Mounted(servicers=[EchoServicer()], readiness=lacking)
    async with a_server(broken) as server:
        assert await health_at(server.address, LIVENESS) == SERVING
        assert await health_at(server.address, READINESS) == NOT_SERVING
        lack = ""
        assert await health_at(server.address, READINESS, until=SERVING) == SERVING
        assert await health_at(server.address, LIVENESS) == SERVING


async def test_who_drains_lives_and_is_not_ready_any_more() -> None:
    health = Health([Mounted(servicers=[EchoServicer()])])
    await health.tick(datetime.now(UTC))
    health.end()
    statuses = {
        name: (await health.Check(health_pb2.HealthCheckRequest(service=name), None)).status
        for name in (LIVENESS, READINESS, SERVICE)
    }
    assert statuses == {LIVENESS: SERVING, READINESS: NOT_SERVING, SERVICE: NOT_SERVING}


async def test_health_is_told_by_service_and_overall() -> None:
    async def lacking() -> str:
        return "the database does not answer"

    broken = Mounted(servicers=[EchoServicer()], readiness=lacking)
    async with a_server(broken) as server:
        assert await health_at(server.address, SERVICE) == NOT_SERVING
        assert await health_at(server.address, "") == NOT_SERVING
    async with a_server(Mounted(servicers=[EchoServicer()])) as server:
        assert await health_at(server.address, SERVICE) == SERVING
        assert await health_at(server.address, "") == SERVING


async def test_health_that_one_service_cannot_tell_is_told_of_the_others() -> None:
    async def odd() -> str:
        raise ValueError("odd")

    other = "penstock.test.v1.OtherService"
    broken = Mounted(servicers=[EchoServicer()], readiness=odd)
    whole = Mounted(servicers=[EchoServicer(other)])
    async with a_server(broken, whole) as server:
        assert await health_at(server.address, SERVICE) == NOT_SERVING
        assert await health_at(server.address, other) == SERVING


async def test_reflection_names_the_services_of_a_loopback_server() -> None:
    make_stub: Any = reflection_pb2_grpc.ServerReflectionStub

    async def ask() -> AsyncIterator[reflection_pb2.ServerReflectionRequest]:
        yield reflection_pb2.ServerReflectionRequest(list_services="")

    async with (
        a_server(Mounted(servicers=[EchoServicer()])) as server,
        grpc.aio.insecure_channel(server.address) as channel,
    ):
        stub = make_stub(channel)
        reply = await anext(aiter(stub.ServerReflectionInfo(ask(), timeout=SOON)))
    assert SERVICE in [each.name for each in reply.list_services_response.service]


UNREADABLE = b"\x0a\xff\x01x"
FOREIGN = {
    "/grpc.health.v1.Health/Check": "unary_unary",
    "/grpc.health.v1.Health/Watch": "unary_stream",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": "stream_stream",
}


@pytest.mark.parametrize(("path", "kind"), FOREIGN.items())
@pytest.mark.parametrize(
    ("data", "reason"), [(UNREADABLE, "INVALID_ARGUMENT"), (5_000_000, "MESSAGE_TOO_LARGE")]
)
async def test_services_of_others_hear_of_bad_requests_in_our_words(
    path: str, kind: str, data: bytes | int, reason: str
) -> None:
    async with serving(EchoServicer()) as (_, stub):
        call: Any = getattr(stub.channel, kind)(path)
        request: Any = bytes(data)
        running = call(iter([request]) if kind == "stream_stream" else request, timeout=SOON)
        with pytest.raises(PenstockError) as caught, named_errors():
            await (running if kind == "unary_unary" else anext(aiter(running)))
    assert caught.value.reason == reason
    assert "request" in str(caught.value)


async def test_another_address_needs_a_word() -> None:
    with pytest.raises(ConfigError, match="--insecure"):
        await a_server(Mounted(servicers=[]), host="0.0.0.0").start()
    async with a_server(Mounted(servicers=[]), host="0.0.0.0", insecure=True) as server:
        assert not server.address.endswith(":0")


async def test_a_taken_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port}.*another port"):
            await a_server(Mounted(servicers=[]), port=port).start()


async def test_metadata_over_16_kib_is_refused() -> None:
    async with serving(EchoServicer()) as (_, stub):
        await stub.Echo(text("x"), timeout=SOON, metadata=(("k", "v" * 12_000),))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Echo(text("x"), timeout=SOON, metadata=(("k", "v" * 64_000),))
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


PROGRAM = """
import sys
from penstockd.chassis.clock import system_clock
from penstockd.chassis.logs import configure_logs
from penstockd.chassis.process import run
from penstockd.chassis.server import ServerConfig, serve

configure_logs()
config = ServerConfig(host=sys.argv[1])
ready = lambda address: print(address, flush=True)
sys.exit(run(lambda: serve([], config, clock=system_clock(), on_ready=ready)))
"""


async def a_process(host: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, host, stdout=pipe, stderr=pipe, env=environ
    )


async def test_sigterm_drains_and_ends_the_process() -> None:
    process = await a_process("127.0.0.1")
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().strip()
    assert await health_at(address, "") == SERVING
    process.send_signal(signal.SIGTERM)
    _, log = await process.communicate()
    assert process.returncode == 0
    events = [line.split()[2] for line in log.decode().splitlines()]
    assert events[-2:] == ["server.draining", "server.stopped"]


async def test_a_wrong_configuration_is_one_line_and_78() -> None:
    process = await a_process("0.0.0.0")
    _, log = await process.communicate()
    assert process.returncode == 78
    [line] = log.decode().splitlines()
    assert line.startswith("penstockd: host 0.0.0.0")
