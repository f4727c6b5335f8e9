"""A service by hand, without a contract of its own, to see what the chassis does to calls."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import pytest
from google.protobuf.wrappers_pb2 import StringValue

from hanging import HANG_LIMIT
from penstock import telemetry
from penstock.errors import (
    DeadlineExceeded,
    FieldViolation,
    FlowRunNotFound,
    InvalidArgument,
    Unavailable,
)
from penstock.wire_channels import with_call_defaults
from penstock.wire_errors import named_errors
from penstockd.chassis.identity import caller

SERVICE = "penstock.test.v1.EchoService"

WIRE = (StringValue.FromString, StringValue.SerializeToString)


class EchoServicer:
    """Notes what it sees of a call; what it is asked to do is the value of the request."""

    def __init__(self, service: str = SERVICE) -> None:
        self.service = service
        self.seen: dict[str, Any] = {}
        self.parked = asyncio.Event()
        self.cancelled = asyncio.Event()
        self.parked_now = self.parked_most = self.parked_ever = 0

    def add_to(self, server: grpc.aio.Server) -> None:
        unary, stream = (
            grpc.unary_unary_rpc_method_handler,
            grpc.unary_stream_rpc_method_handler,
        )
        handlers: Any = {
            "Echo": unary(self.echo, *WIRE),
            "Fail": unary(self.fail, *WIRE),
            "FailStream": stream(self.fail_stream, *WIRE),
            "Sleep": unary(self.park, *WIRE),
            "AcquireEcho": unary(self.park, *WIRE),
            "WatchEcho": stream(self.watch, *WIRE),
            "Count": stream(self.count, *WIRE),
            "Call": unary(self.call, *WIRE),
        }
        generic = grpc.method_handlers_generic_handler(self.service, handlers)
        server.add_generic_rpc_handlers((generic,))
        server.add_registered_method_handlers(self.service, handlers)

    async def echo(self, request: StringValue, context: Any) -> StringValue:
        self.seen = {
            "request": request,
            "client": caller().client,
            "local": caller().local,
            "left": context.time_remaining(),
            "metadata": dict(context.invocation_metadata()),
            "traceparent": telemetry.current_traceparent(),
        }
        context.set_trailing_metadata((("x-replayed", "1"),))
        return request

    async def fail(self, request: StringValue, _context: Any) -> StringValue:
        raise FAILURES[request.value]()

    async def fail_stream(
        self, request: StringValue, _context: Any
    ) -> AsyncIterator[StringValue]:
        yield request
        raise FAILURES[request.value]()

    async def park(self, request: StringValue, _context: Any) -> StringValue:
        self.parked.set()
        self.parked_now += 1
        self.parked_ever += 1
        self.parked_most = max(self.parked_most, self.parked_now)
        try:
            await asyncio.Event().wait()
        finally:
            self.parked_now -= 1
            self.cancelled.set()
        return request

    async def watch(self, request: StringValue, _context: Any) -> AsyncIterator[StringValue]:
        try:
            yield request
            self.parked.set()
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()

    async def count(self, request: StringValue, _context: Any) -> AsyncIterator[StringValue]:
        for number in range(int(request.value)):
            yield StringValue(value=str(number))

    async def call(self, request: StringValue, _context: Any) -> StringValue:
        """Call a peer, which is a channel that takes note of the timeout it is given."""
        ask: Any = with_call_defaults(TimeoutNoter()).unary_unary("/peer/Ask")  # type: ignore[arg-type]
        return StringValue(value=str(await ask(request)))


class TimeoutNoter:
    def unary_unary(self, _method: str) -> Callable[..., Any]:
        async def ask(_request: object, *, timeout: float, **_: object) -> float:
            return timeout

        return ask


def _bug() -> Exception:
    return ValueError("password=hunter2")


FAILURES: dict[str, Callable[[], Exception]] = {
    "absent": lambda: FlowRunNotFound("no flow run 7", flow_run_id="7"),
    "gone": lambda: Unavailable("the database is away"),
    "wrong": lambda: InvalidArgument(
        "name: too long", FieldViolation(field="name", description="too long"), field="name"
    ),
    "long": lambda: FlowRunNotFound("ü" * 100_000, flow_run_id="7" * 100_000),
    "bug": _bug,
}


class EchoStub:
    """As generated code would have it."""

    def __init__(self, channel: grpc.aio.Channel, service: str = SERVICE) -> None:
        self.channel = channel
        wire = (StringValue.SerializeToString, StringValue.FromString)
        self.calls: dict[str, Any] = {
            name: make(f"/{service}/{name}", *wire)
            for make, names in (
                (channel.unary_unary, ("Echo", "Fail", "Sleep", "AcquireEcho", "Call", "Nope")),
                (channel.unary_stream, ("WatchEcho", "Count", "FailStream")),
            )
            for name in names
        }

    def __getattr__(self, name: str) -> Any:
        return self.calls[name]

    def raw(self, name: str) -> Any:
        """The method with bytes for messages."""
        return self.channel.unary_unary(f"/{SERVICE}/{name}")


async def soon(event: asyncio.Event) -> None:
    """Wait for what must happen, but not for ever."""
    async with asyncio.timeout(HANG_LIMIT):
        await event.wait()


async def until_late(method: Any, servicer: EchoServicer) -> None:
    """Call with a deadline that is long enough to arrive, and short enough to wait for."""
    seconds = 1
    while not servicer.parked.is_set():
        with pytest.raises(DeadlineExceeded), named_errors():
            await method(text("x"), timeout=seconds)
        seconds *= 2


async def until(seen: Callable[[], bool]) -> None:
    """Wait for what another task must come to, but not for ever."""
    async with asyncio.timeout(HANG_LIMIT):
        while not seen():  # noqa: ASYNC110 - the servicer has no event for it
            await asyncio.sleep(0.01)


def text(value: object) -> StringValue:
    return StringValue(value=str(value))
