"""A front passes calls on: the tests see what the caller and the target see."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, NoReturn

import grpc
import pytest
import pytest_asyncio

from contract.chassis.echo_service import (
    SERVICE,
    EchoServicer,
    EchoStub,
    soon,
    text,
    until_late,
)
from contract.chassis.test_server import a_server, health_at
from hanging import HANG_LIMIT
from http2 import a_call, send
from penstock.errors import (
    DeadlineMissing,
    FlowRunNotFound,
    InvalidArgument,
    ShuttingDown,
    Unavailable,
)
from penstock.wire_channels import open_channel
from penstock.wire_errors import named_errors
from penstockd.chassis.draining import Draining
from penstockd.chassis.forwarding import Forwarder, Target, forward
from penstockd.chassis.health import NOT_SERVING, SERVING
from penstockd.chassis.layers import standard_chain
from penstockd.chassis.local_calls import LocalContext
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.server import Server

pytestmark = pytest.mark.asyncio

SOON = 30
# Than anybody waits: only then are calls cut off that were not let go.
LONGER = 2 * HANG_LIMIT
PACKAGE = "penstock.test.v1"


@pytest_asyncio.fixture
async def servicer() -> EchoServicer:
    return EchoServicer()


@pytest_asyncio.fixture
async def target(servicer: EchoServicer) -> AsyncIterator[Server]:
    async with a_server(Mounted(servicers=[servicer]), drain_limit=0.1) as server:
        yield server


@pytest_asyncio.fixture
async def front(target: Server) -> AsyncIterator[Server]:
    echo = Target(name="echo", package=PACKAGE, address=target.address)
    async with (
        open_channel(target.address, retries=False) as channel,
        a_server(forward(echo, channel), drain_limit=0.1) as server,
    ):
        yield server


@pytest_asyncio.fixture
async def stub(front: Server) -> AsyncIterator[EchoStub]:
    async with grpc.aio.insecure_channel(front.address) as channel:
        yield EchoStub(channel)


async def test_a_unary_call_passes(stub: EchoStub, servicer: EchoServicer) -> None:
    parent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    call = stub.Echo(text("x"), timeout=SOON, metadata=(("traceparent", parent),))
    assert await call == text("x")
    assert dict(await call.trailing_metadata())["x-replayed"] == "1"
    assert servicer.seen["metadata"]["traceparent"] == parent
    assert 0 < servicer.seen["left"] <= SOON + 0.1


async def test_a_stream_passes(stub: EchoStub) -> None:
    assert len([each async for each in stub.Count(text(20), timeout=SOON)]) == 20


async def test_an_error_passes_with_its_details(stub: EchoStub) -> None:
    with pytest.raises(FlowRunNotFound) as caught, named_errors():
        await stub.Fail(text("absent"), timeout=SOON)
    assert caught.value.metadata == {"flow_run_id": "7"}
    with pytest.raises(Unavailable, match="the database is away"), named_errors():
        await stub.Fail(text("gone"), timeout=SOON)


async def test_what_the_target_refuses_is_refused(stub: EchoStub) -> None:
    with pytest.raises(DeadlineMissing), named_errors():
        await stub.Echo(text("x"))
    with pytest.raises(InvalidArgument), named_errors():
        await stub.raw("Echo")(b"\xff\xff", timeout=SOON)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Nope(text("x"), timeout=SOON)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_unknown_fields_are_dropped_at_the_door_behind_it(
    stub: EchoStub, servicer: EchoServicer
) -> None:
    unknown = b"\xc2\xa9\x07\x01x"
    await stub.raw("Echo")(text("x").SerializeToString() + unknown, timeout=SOON)
    assert servicer.seen["request"].SerializeToString() == text("x").SerializeToString()


async def test_a_call_without_a_message_is_refused(
    front: Server, servicer: EchoServicer
) -> None:
    async def nothing() -> AsyncIterator[bytes]:
        for each in list[bytes]():
            yield each

    async with grpc.aio.insecure_channel(front.address) as channel:
        ask: Any = channel.stream_unary(f"/{SERVICE}/Echo")
        with pytest.raises(InvalidArgument, match="has no message"), named_errors():
            await ask(nothing(), timeout=SOON)
    assert servicer.seen == {}


async def test_the_longest_deadline_of_all_is_no_short_one(
    front: Server, servicer: EchoServicer
) -> None:
    answer = await an_echo(front, (b"grpc-timeout", b"99999999H"))
    assert b"grpc-status\x010" in answer
    assert servicer.seen["left"] > SOON


@pytest.mark.parametrize("value", [b"caf\xe9", "café".encode(), b"a\x01b"])
async def test_metadata_that_cannot_be_passed_on_is_the_callers_fault(
    front: Server, value: bytes
) -> None:
    timeout = (b"grpc-timeout", b"10S")
    answer = await an_echo(front, timeout, (b"x-mine", value))
    assert b"grpc-status\x013" in answer
    assert b"the metadata 'x-mine' is not printable ASCII" in answer
    assert b"grpc-status\x010" in await an_echo(front, timeout, (b"x-mine", b"cafe"))


async def an_echo(front: Server, *metadata: tuple[bytes, bytes]) -> bytes:
    call = a_call(f"/{SERVICE}/Echo".encode(), *metadata)
    return await send(front.address, call, until=b"grpc-status")


class SlowToEnd(LocalContext):
    """Ends a call as grpc.aio does: over an await, and once."""

    def __init__(self) -> None:
        super().__init__(SOON, ())
        self.ending = asyncio.Event()
        self.may_end = asyncio.Event()
        self.ends = 0

    async def abort(self, *status: Any) -> NoReturn:
        self.ends += 1
        self.ending.set()
        await self.may_end.wait()
        await super().abort(*status)


async def test_a_call_is_ended_once_even_if_the_front_drains_meanwhile() -> None:
    path, draining, context = f"/{SERVICE}/AcquireEcho", Draining(), SlowToEnd()
    nobody = Target(name="echo", package=PACKAGE, address="127.0.0.1:1")

    async def requests() -> AsyncIterator[bytes]:
        yield b""

    async def call(handler: Any) -> None:
        async for _ in handler.stream_stream(requests(), context):
            pass

    async with open_channel(nobody.address, retries=False) as channel:
        details = SimpleNamespace(method=path)
        handler = Forwarder(nobody, channel).service(details)

        async def found(_: object) -> Any:
            return handler

        chain = standard_chain(draining=draining)
        wrapped = await chain.intercept_service(found, details)
        calling = asyncio.create_task(call(wrapped))
        await soon(context.ending)
        draining.begin()
        await asyncio.sleep(0)
        context.may_end.set()
        with pytest.raises(grpc.aio.AbortError):
            await calling
    assert (context.ends, context.code()) == (1, grpc.StatusCode.UNAVAILABLE)


async def test_a_deadline_reaches_the_target(stub: EchoStub, servicer: EchoServicer) -> None:
    await until_late(stub.Sleep, servicer)
    await soon(servicer.cancelled)


@pytest.mark.parametrize("method", ["Sleep", "WatchEcho"])
async def test_a_cancellation_reaches_the_target(
    stub: EchoStub, servicer: EchoServicer, method: str
) -> None:
    call = getattr(stub, method)(text("x"), timeout=SOON)
    if method == "WatchEcho":
        await anext(aiter(call))
    await soon(servicer.parked)
    call.cancel()
    await soon(servicer.cancelled)


@pytest.mark.parametrize("method", ["AcquireEcho", "WatchEcho"])
async def test_a_front_that_drains_lets_parked_calls_go_at_once(
    target: Server, servicer: EchoServicer, method: str
) -> None:
    echo = Target(name="echo", package=PACKAGE, address=target.address)
    async with open_channel(target.address, retries=False) as inner:
        front = a_server(forward(echo, inner), drain_limit=LONGER)
        async with grpc.aio.insecure_channel(await front.start()) as channel:
            call = getattr(EchoStub(channel), method)(text("x"), timeout=SOON)
            if method == "WatchEcho":
                await anext(aiter(call))
            await soon(servicer.parked)
            async with asyncio.timeout(HANG_LIMIT):
                await front.drain()
            with pytest.raises(ShuttingDown), named_errors():
                await (anext(aiter(call)) if method == "WatchEcho" else call)
            await soon(servicer.cancelled)


async def test_a_package_of_nobody_is_unimplemented(front: Server) -> None:
    async with grpc.aio.insecure_channel(front.address) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            ask: Any = channel.unary_unary("/penstock.other.v1.X/Y")
            await ask(b"", timeout=SOON)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_target_that_is_away_is_named(
    stub: EchoStub, front: Server, target: Server
) -> None:
    assert await health_at(front.address, PACKAGE) == SERVING
    await target.drain()
    gone = f"the echo service at {target.address} does not answer"
    with pytest.raises(Unavailable, match=gone), named_errors():
        await stub.Echo(text("x"), timeout=SOON)
    assert await health_at(front.address, PACKAGE, until=NOT_SERVING) == NOT_SERVING
