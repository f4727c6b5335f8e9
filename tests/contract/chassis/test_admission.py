"""What a server does with more calls, and more bytes, than it takes on at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import RetryInfo

from contract.chassis.echo_service import SERVICE, EchoServicer, EchoStub, text, until
from contract.chassis.test_calls import details_of
from contract.chassis.test_server import a_server
from hanging import HANG_LIMIT
from http2 import END_HEADERS, HEADERS, PREFACE, SETTINGS, frame, headers
from penstock.errors import InvalidArgument, Overloaded, QuotaExceeded
from penstock.wire_errors import named_errors
from penstockd.chassis.admission import MIB, Limits
from penstockd.chassis.mounted import Mounted

pytestmark = pytest.mark.asyncio

SOON = 30


@asynccontextmanager
async def serving(**limits: Any) -> AsyncIterator[tuple[EchoServicer, EchoStub]]:
    servicer = EchoServicer()
    server = a_server(Mounted(servicers=[servicer]), drain_limit=0.1, limits=Limits(**limits))
    async with server, grpc.aio.insecure_channel(server.address) as channel:
        stub = EchoStub(channel)
        stub.calls["address"] = server.address
        yield servicer, stub


@asynccontextmanager
async def many(method: Any, count: int, request: Any = None) -> AsyncIterator[list[Any]]:
    calls = [method(request or text("x"), timeout=SOON) for _ in range(count)]
    try:
        yield calls
    finally:
        for call in calls:
            call.cancel()


async def test_calls_of_a_kind_have_a_bound_and_those_beyond_are_told_to_wait() -> None:
    async with serving(changes=3) as (servicer, stub), many(stub.Sleep, 3):
        await until(lambda: servicer.parked_now == 3)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Echo(text("x"), timeout=SOON)
        (retry,) = details_of(caught.value, RetryInfo)
        assert retry.retry_delay.ToTimedelta() == timedelta(seconds=1)
        with pytest.raises(Overloaded, match="3 changes at once") as told, named_errors():
            await stub.Echo(text("x"), timeout=SOON)
        assert told.value.metadata == {"kind": "changes"}


async def test_one_kind_does_not_crowd_out_another() -> None:
    async with serving(changes=1, claims=1) as (servicer, stub), many(stub.Sleep, 1):
        await until(lambda: servicer.parked_now == 1)
        async with many(stub.AcquireEcho, 1):
            await until(lambda: servicer.parked_now == 2)
        call = stub.WatchEcho(text("x"), timeout=SOON)
        assert await anext(aiter(call)) == text("x")
        call.cancel()


async def test_a_call_that_ends_makes_room() -> None:
    async with serving(changes=1) as (servicer, stub):
        for _ in range(20):
            await stub.Echo(text("x"), timeout=SOON)
        with pytest.raises(InvalidArgument), named_errors():
            await stub.Fail(text("wrong"), timeout=SOON)
        async with many(stub.Sleep, 1):
            await until(lambda: servicer.parked_now == 1)
        await until(lambda: servicer.parked_now == 0)
        await stub.Echo(text("x"), timeout=SOON)


async def test_streams_have_a_bound() -> None:
    async with serving(watches=1) as (_, stub), many(stub.WatchEcho, 1) as (call,):
        await anext(aiter(call))
        with pytest.raises(Overloaded), named_errors():
            await anext(aiter(stub.WatchEcho(text("x"), timeout=SOON)))


async def test_large_requests_wait_for_one_another() -> None:
    large = text("x" * MIB)
    async with (
        serving(bytes_running=3 * MIB) as (servicer, stub),
        many(stub.Sleep, 6, large) as calls,
    ):
        await until(lambda: servicer.parked_now == 2)
        await stub.Echo(text("small"), timeout=SOON)
        assert servicer.parked_now == 2
        for call in calls[:4]:
            call.cancel()
        await until(lambda: servicer.parked_ever >= 4)
        assert servicer.parked_most == 2


async def test_large_requests_that_park_are_refused_when_there_are_enough() -> None:
    large = text("x" * MIB)
    async with (
        serving(bytes_parked=3 * MIB) as (servicer, stub),
        many(stub.AcquireEcho, 2, large),
    ):
        await until(lambda: servicer.parked_now == 2)
        with pytest.raises(Overloaded, match="large requests"), named_errors():
            await stub.AcquireEcho(large, timeout=SOON)


async def test_a_request_larger_than_all_room_is_served_alone() -> None:
    async with serving(bytes_running=MIB) as (_, stub):
        assert await stub.Echo(text("x" * 2 * MIB), timeout=SOON)


async def test_a_call_without_a_message_is_refused() -> None:
    async def nothing() -> AsyncIterator[bytes]:
        for each in list[bytes]():
            yield each

    async with serving() as (_, stub):
        ask: Any = stub.channel.stream_unary(f"/{SERVICE}/Echo")
        with pytest.raises(InvalidArgument, match="has no message"), named_errors():
            await ask(nothing(), timeout=SOON)


async def test_requests_that_do_not_arrive_keep_nobody_waiting_for_long() -> None:
    async with serving(reading=2, read_seconds=0.2) as (_, stub):
        host, _, port = stub.address.rpartition(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(PREFACE + frame(SETTINGS, 0, 0, b""))
        for stream in (1, 3, 5, 7):
            writer.write(frame(HEADERS, END_HEADERS, stream, headers(an_echo())))
        await stub.Echo(text("x"), timeout=SOON)
        writer.close()


async def test_no_burst_is_answered_cancelled() -> None:
    """The core would cancel what a busy server has not looked at, beyond a thousand."""
    async with AsyncExitStack() as stack:
        _, stub = await stack.enter_async_context(serving(changes=50))
        stubs = [await stack.enter_async_context(another(stub)) for _ in range(15)]
        for each in stubs:
            await each.Echo(text("x"), timeout=SOON)
        calls = [each.Echo(text("x"), timeout=SOON) for each in stubs for _ in range(100)]
        # The loop of the server is held up, and the core's own threads are not.
        time.sleep(1)  # noqa: ASYNC251 - that is the point
        codes = {await call.code() for call in calls}
    assert codes <= {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED}


@asynccontextmanager
async def another(stub: EchoStub) -> AsyncIterator[EchoStub]:
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(stub.address, options=options) as channel:
        yield EchoStub(channel)


def an_echo() -> list[tuple[bytes, bytes]]:
    return [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":path", f"/{SERVICE}/Echo".encode()),
        (b":authority", b"localhost"),
        (b"content-type", b"application/grpc"),
        (b"te", b"trailers"),
        (b"grpc-timeout", b"30S"),
    ]


async def test_a_namespace_has_a_quota_of_parked_calls() -> None:
    servicer = EchoServicer()
    server = a_server(Mounted(servicers=[servicer]), drain_limit=0.1, quota_parked_calls=2)
    async with server, grpc.aio.insecure_channel(server.address) as channel:
        stub = EchoStub(channel)
        async with many(stub.AcquireEcho, 2):
            await until(lambda: servicer.parked_now == 2)
            with pytest.raises(QuotaExceeded) as told, named_errors():
                await stub.AcquireEcho(text("x"), timeout=SOON)
            assert told.value.metadata == {"quota": "quota_parked_calls"}
            with pytest.raises(QuotaExceeded), named_errors():
                await anext(aiter(stub.WatchEcho(text("x"), timeout=SOON)))
            await stub.Echo(text("x"), timeout=SOON)
        await until(lambda: servicer.parked_now == 0)
        call = stub.WatchEcho(text("x"), timeout=SOON)
        assert await anext(aiter(call)) == text("x")
        call.cancel()


async def test_a_connection_that_says_nothing_is_closed() -> None:
    async with serving() as (_, stub):
        host, _, port = stub.address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        # What the server sends first, and then the end.
        async with asyncio.timeout(HANG_LIMIT):
            await reader.read()
        writer.close()
