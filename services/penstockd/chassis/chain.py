"""The one chain of layers that every call passes, whatever its transport."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

import grpc

from penstock.wire_channels import LONGEST_MESSAGE

OURS = "/penstock."

Unary = Callable[[Any, Any], Awaitable[Any]]
Stream = Callable[[Any, Any], AsyncGenerator[Any, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What a call asks for: `/package.Service/Name`."""

    path: str
    service: str
    name: str

    @classmethod
    def of(cls, path: str) -> Method:
        service, _, name = path.removeprefix("/").partition("/")
        return cls(path=path, service=service, name=name)


class Layer(Protocol):
    """Wraps the behaviour of one method, once; the wrapped behaviour then serves every call.

    A wrapped stream is called in the task of its call, and may be an async generator or
    return the one that it was given.
    """

    def unary(self, method: Method, behaviour: Unary) -> Unary: ...
    def stream(self, method: Method, behaviour: Stream) -> Stream: ...


class Unread:
    """Stands for a request that was not read, and says why."""


UNREADABLE = Unread()  # its bytes are no message of its type
TOO_LARGE = Unread()


class Admission(Protocol):
    """Decides when a server reads a request; calls without a socket have none."""

    def over(self, path: str, handler: Any) -> Any: ...


class Chain(grpc.aio.ServerInterceptor):
    """Layers from the outermost to the innermost.

    Around calls of services that are not ours, like health, are the `foreign` layers; around
    calls that are only forwarded, and never read, the `forwarding` ones.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        forwarding: Sequence[Layer] = (),
        foreign: Sequence[Layer] = (),
        admission: Admission | None = None,
    ) -> None:
        self._layers = layers
        self._forwarding = forwarding
        self._foreign = foreign
        self._admission = admission
        self._wrapped: dict[str, Any] = {}

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: Any
    ) -> Any:
        path = handler_call_details.method
        if wrapped := self._wrapped.get(path):
            return wrapped
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        if not path.startswith(OURS):
            wrapped = self._wrapped[path] = _wrapped(path, handler, self._foreign)
            return wrapped
        # No contract streams requests: a handler that does hands on bytes to other services.
        # It answers for any name, so it is not remembered by name.
        if handler.request_streaming:
            return self._admitted(path, _wrapped(path, handler, self._forwarding))
        wrapped = self._wrapped[path] = self._admitted(path, self.wrap(path, handler))
        return wrapped

    def wrap(self, path: str, handler: Any) -> Any:
        """Return the handler with every layer around it."""
        return _wrapped(path, handler, self._layers)

    def _admitted(self, path: str, handler: Any) -> Any:
        return self._admission.over(path, handler) if self._admission else handler


def _wrapped(path: str, handler: Any, layers: Sequence[Layer]) -> Any:
    method = Method.of(path)
    # A forwarder takes bytes as they come.
    reader = handler.request_deserializer and _careful(handler.request_deserializer)
    writer = handler.response_serializer
    if handler.response_streaming:
        streams = handler.request_streaming
        stream: Stream = handler.stream_stream if streams else handler.unary_stream
        for layer in reversed(layers):
            stream = layer.stream(method, stream)
        make: Any = (
            grpc.stream_stream_rpc_method_handler
            if streams
            else grpc.unary_stream_rpc_method_handler
        )
        return make(_generator(stream), reader, writer)
    unary: Unary = handler.unary_unary
    for layer in reversed(layers):
        unary = layer.unary(method, unary)
    return grpc.unary_unary_rpc_method_handler(unary, reader, writer)


def _careful(deserialise: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """grpc.aio would answer UNKNOWN with the name of a Python class.

    What the contract does not know is dropped here, so that nobody keeps or compares it.
    """

    def read(data: bytes) -> Any:
        if len(data) > LONGEST_MESSAGE:
            return TOO_LARGE
        try:
            message = deserialise(data)
        except Exception:  # noqa: BLE001 - whatever the parser raises means the same
            return UNREADABLE
        message.DiscardUnknownFields()
        return message

    return read


def _generator(stream: Stream) -> Stream:
    """grpc.aio tells a stream from a coroutine by the kind of its outermost function."""

    async def replies(request: Any, context: Any) -> AsyncGenerator[Any, None]:
        async with aclosing(stream(request, context)) as inner:
            async for reply in inner:
                yield reply

    return replies
