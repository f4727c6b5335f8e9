"""A channel without a socket: the generated stub reaches the servicer in this process.

What holds on a socket holds here: messages travel as bytes, deadlines end calls, every
call passes the chain, and failures are grpc's own error. It may be made before a loop
runs, and is then used from one loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import aclosing
from contextvars import Context
from functools import partial
from typing import Any, cast

import grpc

from penstock.wire_channels import LONGEST_MESSAGE
from penstockd.chassis.chain import Chain
from penstockd.chassis.local_calls import (
    LocalCall,
    LocalContext,
    LocalStreamCall,
    LocalUnaryCall,
)
from penstockd.chassis.mounted import Mounted, handlers_of
from penstockd.chassis.wire_errors import abort_for

Resolve = Callable[[str], Awaitable[Mounted | None]]


def local_channel(mounted: Mounted, chain: Chain) -> grpc.aio.Channel:
    """Return a channel to what is mounted already."""

    async def resolve(_package: str) -> Mounted:
        return mounted

    return cast(grpc.aio.Channel, LocalChannel(resolve, chain))


class LocalChannel:
    """Asks `resolve` for what serves a package, `penstock.api.state.v1`, at its first call.

    It is asked once per package, again only after it raised, and may answer None.
    """

    def __init__(self, resolve: Resolve, chain: Chain) -> None:
        self._resolve = resolve
        self._chain = chain
        self._handlers: dict[str, Any] = {}
        self._mounting: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def unary_unary(
        self,
        method: str,
        request_serializer: Callable[[Any], bytes] = bytes,
        response_deserializer: Callable[[bytes], Any] = bytes,
        **_: object,
    ) -> Callable[..., LocalUnaryCall]:
        async def serve(call: LocalUnaryCall, data: bytes) -> None:
            handler = self._handlers.get(method) or await self._find(method, call.context)
            request = handler.request_deserializer(data)
            reply = handler.response_serializer(
                await handler.unary_unary(request, call.context)
            )
            await _fits(reply, call.context)
            call.reply(reply)

        def begin(
            request: Any, *, timeout: float | None = None, metadata: Any = None, **_: object
        ) -> LocalUnaryCall:
            call = LocalUnaryCall(LocalContext(timeout, metadata), response_deserializer)
            self._start(call, partial(serve, call, request_serializer(request)))
            return call

        return begin

    def unary_stream(
        self,
        method: str,
        request_serializer: Callable[[Any], bytes] = bytes,
        response_deserializer: Callable[[bytes], Any] = bytes,
        **_: object,
    ) -> Callable[..., LocalStreamCall]:
        async def serve(call: LocalStreamCall, data: bytes) -> None:
            handler = self._handlers.get(method) or await self._find(method, call.context)
            request = handler.request_deserializer(data)
            async with aclosing(handler.unary_stream(request, call.context)) as replies:
                async for each in replies:
                    reply = handler.response_serializer(each)
                    await _fits(reply, call.context)
                    await call.reply(reply)

        def begin(
            request: Any, *, timeout: float | None = None, metadata: Any = None, **_: object
        ) -> LocalStreamCall:
            call = LocalStreamCall(LocalContext(timeout, metadata), response_deserializer)
            self._start(call, partial(serve, call, request_serializer(request)))
            return call

        return begin

    async def close(self, grace: float | None = None) -> None:
        """Wait that long for the calls that run, then cancel them."""
        # Tasks leave the set in callbacks, which run at an await: not in the loop below.
        if grace and self._running:
            await asyncio.wait(self._running, timeout=grace)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, call: LocalCall, serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = call.start(serve)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _find(self, method: str, context: LocalContext) -> Any:
        package = method.removeprefix("/").partition("/")[0].rpartition(".")[0]
        # The first call of a package mounts it, in a task of its own, and calls that come
        # meanwhile wait for the same one. The shield lets each give up by itself.
        if package not in self._mounting:
            # A context of its own: what is built must not inherit this call's deadline.
            self._mounting[package] = asyncio.get_running_loop().create_task(
                self._mount(package), context=Context()
            )
        try:
            await asyncio.shield(self._mounting[package])
        except Exception as error:  # noqa: BLE001 - as at the edge of the service itself
            await abort_for(method, error, context)
        if handler := self._handlers.get(method):
            return handler
        return await context.abort(grpc.StatusCode.UNIMPLEMENTED, "Method not found!")

    async def _mount(self, package: str) -> None:
        try:
            mounted = await self._resolve(package)
        except BaseException:
            # Those who wait share the failure; it ends with no await, so that nobody joins it.
            del self._mounting[package]
            raise
        if mounted is None:
            return
        for path, handler in handlers_of(mounted).by_method.items():
            self._handlers[path] = self._chain.wrap(path, handler)


async def _fits(data: bytes, context: LocalContext) -> None:
    if len(data) > LONGEST_MESSAGE:
        await context.abort(
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            f"Sent message larger than max ({len(data)} vs. {LONGEST_MESSAGE})",
        )
