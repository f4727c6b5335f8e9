"""Channels to services, and what every call through one carries.

A call gets a deadline by its kind, the trace context and the client's name; UNAVAILABLE alone
is retried, by gRPC itself. Deadlines and retries are those of proto/service_config.json.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import partial
from typing import Any, cast

import grpc

from penstock import telemetry
from penstock.api.service_config import SERVICE_CONFIG, STREAM_SECONDS, UNARY_SECONDS
from penstock.errors import Unavailable
from penstock.spans import ROOT, Span

# What a service keeps of its own deadline to answer its caller.
RESERVE_SECONDS = 0.05

# By the verb of a method. Parked calls wait for news; shared calls serve many runs at once,
# so each is a trace of its own, linked to the span that made it.
PARKED = ("Acquire", "Renew", "Watch")
SHARED = (*PARKED, "Append")
# What must be heard in time: one that is late goes another way at once.
URGENT = "Renew"

CLIENT = "python/0.1.0"
_CLIENT_METADATA = ("penstock-client", CLIENT)
LONGEST_MESSAGE = 4 * 1024 * 1024
# What the transport still carries, so that a service can say that it is too long.
LONGEST_CARRIED = 2 * LONGEST_MESSAGE
LARGEST_METADATA = 16 * 1024

OPTIONS: list[tuple[str, Any]] = [
    ("grpc.max_send_message_length", LONGEST_CARRIED),
    ("grpc.max_receive_message_length", LONGEST_MESSAGE),
    ("grpc.max_metadata_size", LARGEST_METADATA),
    ("grpc.absolute_max_metadata_size", LARGEST_METADATA),
    # Together with the time-out less than a lease lives.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    # A ping of gRPC's own that is under way keeps back that of keep-alive: it ends as soon.
    ("grpc.http2.ping_timeout_ms", 5_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    # Always less than the retries of one call take: a server that is back is found by them.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 300),
    # How long one attempt to connect may take: a host that is silent is told soon.
    ("grpc.min_reconnect_backoff_ms", 3_000),
]

Metadata = Iterable[tuple[str, str | bytes]]

_deadline: ContextVar[float | None] = ContextVar("penstock_deadline", default=None)


def open_channel(
    target: str, *, retries: bool = True, own_connection: bool = False
) -> grpc.aio.Channel:
    """Open a channel to `host:port` or `dns:///host:port`; never before a fork.

    Nothing is connected yet: `connected` tells whether somebody answers. Channels of one
    process share a connection, unless one has its own.
    """
    options = [
        ("grpc.use_local_subchannel_pool", int(own_connection)),
        *OPTIONS,
        ("grpc.service_config", config_for_grpc()),
        ("grpc.enable_retries", int(retries)),
        # A proxy from the environment would be asked for this very machine.
        ("grpc.enable_http_proxy", int(not _is_loopback(target))),
    ]
    return grpc.aio.insecure_channel(target, options=options)


async def connected(
    channel: grpc.aio.Channel, target: str, *, start: str = "penstock up", within: float = 3.0
) -> None:
    """Return when the server answers; after so many seconds say that it does not.

    Raises:
        Unavailable: nobody answers at the target.
    """
    try:
        async with asyncio.timeout(within):
            await channel.channel_ready()
    except TimeoutError:
        raise Unavailable(
            f"no Penstock server answers at {target}: start one with `{start}`, "
            "or check the address",
            address=target,
        ) from None


def with_call_defaults(channel: grpc.aio.Channel, target: str = "") -> grpc.aio.Channel:
    """Return a channel whose calls carry deadline, trace and client, over any transport.

    With a target, errors of calls name it, and a call that must be heard in time goes through
    a second connection when the last one was not: a dead one is noticed by its pings later.
    """
    return cast(grpc.aio.Channel, _CallDefaults(channel, target))


def set_deadline(seconds: float) -> None:
    """Calls made in this task from now on end before so many seconds have passed."""
    _deadline.set(time.monotonic() + seconds)


def bounded_by_deadline(seconds: float) -> float:
    """Return how long a call may take that is made now, in this task."""
    end = _deadline.get()
    if end is None:
        return seconds
    return max(0.0, min(seconds, end - time.monotonic() - RESERVE_SECONDS))


def parks(path: str) -> bool:
    """Tell whether a call of this method waits for news."""
    return _name(path).startswith(PARKED)


def seconds_for(path: str, *, streams: bool) -> float:
    """Return how long a call of this method may take by itself."""
    usual = STREAM_SECONDS if streams else UNARY_SECONDS
    service = path.rpartition("/")[0]
    return _SECONDS.get(path, _SECONDS.get(service, usual))


def config_for_grpc() -> str:
    """Return the service config without deadlines, which each call carries by itself.

    gRPC's core would end calls up to a second early, and not tell the server of a deadline.
    """
    groups = [
        {key: value for key, value in group.items() if key != "timeout"}
        for group in SERVICE_CONFIG["methodConfig"]
    ]
    return json.dumps({**SERVICE_CONFIG, "methodConfig": groups})


class _CallDefaults:
    """Makes the multicallables of another channel; everything else it hands on."""

    def __init__(self, channel: grpc.aio.Channel, target: str) -> None:
        self._channel, self._target = channel, target
        self._second: grpc.aio.Channel | None = None

    async def close(self, grace: float | None = None) -> None:
        await self._channel.close(grace)
        if self._second is not None:
            await self._second.close(grace)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    def unary_unary(self, method: str, *args: Any, **options: Any) -> Callable[..., Any]:
        send: Any = self._channel.unary_unary(method, *args, **options)
        if self._target and _name(method) == URGENT:
            send = _TwoWays(send, lambda: self._other().unary_unary(method, *args, **options))
        return _Call(send, method, self._target, streams=False)

    def unary_stream(self, method: str, *args: Any, **options: Any) -> Callable[..., Any]:
        send = self._channel.unary_stream(method, *args, **options)
        return _Call(send, method, self._target, streams=True)

    def _other(self) -> grpc.aio.Channel:
        if self._second is None:
            self._second = open_channel(self._target, own_connection=True)
        return self._second


class _TwoWays:
    """Sends each call the way on which the last one was heard; the second opens when needed."""

    def __init__(self, send: Any, open_other: Callable[[], Any]) -> None:
        self._send, self._other = send, None
        self._open_other = open_other

    def __call__(self, request: Any, **options: Any) -> Any:
        way = self._send
        running = way(request, **options)
        running.add_done_callback(partial(self._look_at, way))
        return running

    def _look_at(self, way: Any, call: Any) -> None:
        # Of calls that overlap only the first one turns it.
        if way is self._send and _code_of(call) is grpc.StatusCode.DEADLINE_EXCEEDED:
            self._send, self._other = self._other or self._open_other(), way


class _Call:
    """Makes the calls of one method; `target` is where they go, if that is known."""

    def __init__(self, send: Any, path: str, target: str, *, streams: bool) -> None:
        self.target = target
        self._send, self._path = send, path
        self._usual = seconds_for(path, streams=streams)

    def __call__(
        self,
        request: Any,
        *,
        timeout: float | None = None,
        metadata: Metadata | None = None,
        **options: Any,
    ) -> Any:
        # A caller shortens and never extends, as gRPC of other languages has it.
        usual = self._usual
        seconds = bounded_by_deadline(usual if timeout is None else min(timeout, usual))
        sent = (_CLIENT_METADATA, *(metadata or ()))
        if not telemetry.enabled():
            return self._send(request, timeout=seconds, metadata=sent, **options)
        span = _client_span(self._path)
        carried = (*sent, ("traceparent", span.traceparent))
        running = self._send(request, timeout=seconds, metadata=carried, **options)
        running.add_done_callback(partial(_end, span))
        return running


def _client_span(path: str) -> Span:
    service, _, name = path.removeprefix("/").partition("/")
    attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": name}
    title = f"{service}/{name}"
    if not name.startswith(SHARED):
        return telemetry.span(title, kind="client", attributes=attributes)
    maker = telemetry.current_traceparent()
    return telemetry.span(
        title,
        kind="client",
        attributes=attributes,
        parent=ROOT,
        links=(maker,) if maker else (),
    )


def _end(span: Span, call: Any) -> None:
    code = _code_of(call)
    span.set("rpc.grpc.status_code", code.value[0])
    if code is not grpc.StatusCode.OK:
        span.fail(code.name)
    span.end()


def _code_of(call: Any) -> grpc.StatusCode:
    """A call that is done knows its code: its coroutine returns it without waiting."""
    try:
        call.code().send(None)
    except StopIteration as known:
        return cast(grpc.StatusCode, known.value)
    return grpc.StatusCode.UNKNOWN


def _seconds() -> dict[str, float]:
    """By `/package.Service/Method`, or by `/package.Service` for all others of a service."""
    return {
        "/" + "/".join(name.values()): float(group["timeout"].removesuffix("s"))
        for group in SERVICE_CONFIG["methodConfig"]
        for name in group["name"]
    }


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _is_loopback(target: str) -> bool:
    host = target.rpartition("/")[2].rpartition(":")[0]
    return host in {"localhost", "127.0.0.1", "[::1]"} or target.startswith("unix:")


_SECONDS = _seconds()
