"""How much a server takes on at once: calls by their kind, and the bytes of their requests.

What is more is refused before any work begins, and told when to come again. A request is read
only when there is room for it: until then its bytes wait at the sender.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import grpc

from penstock.errors import InvalidArgument, Overloaded, PenstockError
from penstock.wire_channels import parks
from penstockd.chassis.wire_errors import abort_with

MIB = 1024 * 1024
# Requests up to here are not counted: there cannot be enough of them.
SMALL = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many calls of a kind run at once, in the order in which they matter.

    Attributes:
        renewals: Leases that live on, parked or not.
        ends: What becomes of runs.
        steps: What is recorded of runs.
        claims: Who asks for work, parked or not.
        changes: What people and programs begin and change.
        reads: What people look at.
        logs: Lines.
        watches: Streams, which are open for minutes.
        reading: Requests whose bytes are on their way.
        read_seconds: How long they may be.
        bytes_running: Of large requests that are worked on; more wait.
        bytes_parked: Of large requests that wait for news.
    """

    renewals: int = 5_000
    ends: int = 1_000
    steps: int = 1_000
    claims: int = 5_000
    changes: int = 1_000
    reads: int = 500
    logs: int = 500
    watches: int = 10_000
    reading: int = 16
    read_seconds: float = 10
    bytes_running: int = 32 * MIB
    bytes_parked: int = 64 * MIB


# By the beginning of a method's name; what is none of these changes something.
_KINDS = (
    ("Renew", "renewals"),
    ("CheckLease", "renewals"),
    ("Complete", "ends"),
    ("Transition", "ends"),
    ("AppendJournal", "steps"),
    ("AppendLogs", "logs"),
    ("Acquire", "claims"),
    ("Claim", "claims"),
    ("Register", "claims"),
    ("OpenWorkerSession", "claims"),
    ("Get", "reads"),
    ("List", "reads"),
    ("Count", "reads"),
    ("Watch", "watches"),
    ("Download", "watches"),
)


class Admission:
    """Around every handler of a server, outside all layers."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lanes: dict[str, _Lane] = {}
        self._reading = asyncio.Semaphore(limits.reading)
        self._running = _Room(limits.bytes_running)
        self._parked = _Room(limits.bytes_parked)

    def over(self, path: str, handler: Any) -> Any:
        """Return a handler that reads the request itself, when there is room."""
        read, write = handler.request_deserializer or bytes, handler.response_serializer

        async def served(context: Any) -> Any:
            async with self._admitted(path, context) as data:
                return await handler.unary_unary(read(data), context)

        async def streamed(context: Any) -> AsyncGenerator[Any, None]:
            async with self._admitted(path, context) as data:
                if handler.request_streaming:
                    replies = handler.stream_stream(_alone(data), context)
                else:
                    replies = handler.unary_stream(read(data), context)
                async with aclosing(replies):
                    async for reply in replies:
                        yield reply

        async def unary(_requests: object, context: Any) -> Any:
            try:
                return await served(context)
            except PenstockError as error:
                await abort_with(error, context)
            except grpc.aio.AbortError as error:
                raise _without_frames(error) from None

        async def stream(_requests: object, context: Any) -> AsyncGenerator[Any, None]:
            try:
                async with aclosing(streamed(context)) as replies:
                    async for reply in replies:
                        yield reply
            except PenstockError as error:
                await abort_with(error, context)
            except grpc.aio.AbortError as error:
                raise _without_frames(error) from None

        if handler.response_streaming:
            return grpc.stream_stream_rpc_method_handler(stream, None, write)
        return grpc.stream_unary_rpc_method_handler(unary, None, write)

    @asynccontextmanager
    async def _admitted(self, path: str, context: Any) -> AsyncIterator[bytes]:
        """Raises Overloaded, and InvalidArgument when there is no request."""
        room = self._parked if parks(path) else self._running
        with self._lane(path).entered():
            async with self._reading:
                data = await self._read(context)
                size = len(data) if len(data) > SMALL else 0
                await room.take(size, waiting=room is self._running)
            try:
                yield data
            finally:
                room.give_back(size)

    async def _read(self, context: Any) -> bytes:
        # Not from the iterator of requests: left before its end, it keeps what it gave.
        try:
            async with asyncio.timeout(self._limits.read_seconds):
                data: Any = await context.read()
        except TimeoutError:
            raise Overloaded(
                f"the request took longer than {self._limits.read_seconds:g} s to arrive"
            ) from None
        if data is grpc.aio.EOF:
            raise InvalidArgument(
                "the call has no message: send the request, then end the call"
            )
        return bytes(data)

    def _lane(self, path: str) -> _Lane:
        name = path.rpartition("/")[2]
        kind = next((kind for start, kind in _KINDS if name.startswith(start)), "changes")
        if kind not in self._lanes:
            self._lanes[kind] = _Lane(kind, getattr(self._limits, kind))
        return self._lanes[kind]


class _Lane:
    """Calls of one kind; another kind has no part in its bound."""

    def __init__(self, kind: str, most: int) -> None:
        self._kind = kind
        self._most = most
        self._running = 0

    @contextmanager
    def entered(self) -> Iterator[None]:
        if self._running >= self._most:
            raise Overloaded(
                f"the server has {self._most:,} {self._kind} at once, which is its limit: "
                "call again in a moment",
                kind=self._kind,
            )
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1


class _Room:
    """Bytes that are in memory at once; one request always fits."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._taken = 0
        self._freed = asyncio.Event()

    async def take(self, size: int, *, waiting: bool) -> None:
        while self._taken and size and self._taken + size > self._size:
            if not waiting:
                raise Overloaded("too many large requests are waiting: call again in a moment")
            self._freed.clear()
            await self._freed.wait()
        self._taken += size

    def give_back(self, size: int) -> None:
        self._taken -= size
        self._freed.set()


async def _alone(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _without_frames(error: grpc.aio.AbortError) -> grpc.aio.AbortError:
    """The call keeps its error, and the error's frames would keep the call and its request."""
    error.__context__ = None
    return error.with_traceback(None)
