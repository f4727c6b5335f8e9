"""The front of several processes: calls go on by package name, byte for byte.

It is a mesh's route table in one process: no message is read, no span is added, and
metadata, deadline, status and trailing metadata pass as they are.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import grpc
from grpc_health.v1 import health_pb2

from penstock.errors import InvalidArgument, Unavailable
from penstockd.chassis.deadlines import LONGEST_STREAM
from penstockd.chassis.mounted import Mounted
from penstockd.chassis.wire_errors import DETAILS_KEY, PassedOn

HEALTH_CHECK = "/grpc.health.v1.Health/Check"
HEALTH_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A service as the front knows it; `package` is `penstock.api.state.v1` for state."""

    name: str
    package: str
    address: str

    def __str__(self) -> str:
        return f"the {self.name} service at {self.address}"


def forward(target: Target, channel: grpc.aio.Channel) -> Mounted:
    """Return what serves every method of the target's package through the channel.

    The channel should not retry: the caller's does.
    """
    forwarder = Forwarder(target, channel)
    return Mounted(servicers=[forwarder], readiness=forwarder.readiness)


class Forwarder(grpc.ServiceRpcHandler):
    """Answers for all services of one package."""

    def __init__(self, target: Target, channel: grpc.aio.Channel) -> None:
        self._target = target
        self._channel = channel
        self._prefix = f"/{target.package}."

    def service_name(self) -> str:
        return self._target.package

    def add_to(self, server: grpc.aio.Server) -> None:
        server.add_generic_rpc_handlers((self,))

    def service(self, handler_call_details: Any) -> Any:
        path = handler_call_details.method
        if not path.startswith(self._prefix):
            return None
        return grpc.stream_stream_rpc_method_handler(partial(self._forward, path))

    async def readiness(self) -> str:
        check: Any = self._channel.unary_unary(HEALTH_CHECK)
        try:
            answer = await check(b"", timeout=HEALTH_SECONDS)
        except grpc.aio.AioRpcError:
            return f"{self._target} does not answer"
        status = health_pb2.HealthCheckResponse.FromString(answer).status
        serving = status == health_pb2.HealthCheckResponse.SERVING
        return "" if serving else f"{self._target} is not serving"

    async def _forward(
        self, path: str, requests: AsyncIterator[bytes], context: Any
    ) -> AsyncGenerator[bytes, None]:
        request = await anext(requests)
        metadata = _passing(context.invocation_metadata())
        # A request and its end, then replies: unary calls and streams are alike.
        send: Any = self._channel.unary_stream(path)
        call = send(request, timeout=_bounded(context.time_remaining()), metadata=metadata)
        try:
            async for reply in call:
                yield reply
            context.set_trailing_metadata(tuple(await call.trailing_metadata()))
        except grpc.aio.AioRpcError as error:
            raise self._told(error) from None
        finally:
            # The caller may leave at any await or yield: the onward call does not outlive it.
            # One that has ended keeps its status.
            call.cancel()

    def _told(self, error: grpc.aio.AioRpcError) -> Exception:
        """The layers around end the call: whoever did it here might be cut off in between."""
        said_by_target = any(key == DETAILS_KEY for key, _ in error.trailing_metadata() or ())
        if error.code() is grpc.StatusCode.UNAVAILABLE and not said_by_target:
            return Unavailable(f"{self._target} does not answer: check that it is running")
        return PassedOn(error)


def _bounded(seconds: float | None) -> float | None:
    """No service lets a call last longer, and gRPC miscounts those of a thousand years."""
    return None if seconds is None else min(seconds, LONGEST_STREAM)


def _passing(metadata: Any) -> grpc.aio.Metadata:
    """What gRPC itself adds on each hop is not passed on. Raises InvalidArgument."""
    pairs = [
        (key, value)
        for key, value in metadata or ()
        if key != "user-agent" and not key.startswith("grpc-")
    ]
    for key, value in pairs:
        # gRPC takes more from others than it sends.
        if isinstance(value, str) and not (value.isascii() and value.isprintable()):
            raise InvalidArgument(
                f"the metadata {key!r} is not printable ASCII: give it a key that ends "
                "with -bin"
            )
    return cast(grpc.aio.Metadata, tuple(pairs))
