"""Calls without a socket: what the caller holds, and what the servicer is told.

The servicer runs in a task of its own, as behind a socket. What passes between the two
ends is bytes, so that nobody shares a message, and limits mean the same.

Both ends run on one loop, so that only an await lets the other go on, and no lock is needed.
The servicer, the deadline and the caller race to end a call: whoever is first sets the status.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any, NoReturn

import grpc
from grpc.aio import EOF, AbortError, AioRpcError, Metadata

from penstock.errors import PenstockError
from penstockd.chassis.wire_errors import BUG, CODES, trailing_metadata

logger = logging.getLogger(__name__)

OK = grpc.StatusCode.OK
CANCELLED = grpc.StatusCode.CANCELLED


class LocalContext:
    """What a servicer may know of its call, and say beside its answer."""

    def __init__(self, timeout: float | None, metadata: Any) -> None:
        self._clock = asyncio.get_running_loop().time
        self.end = None if timeout is None else self._clock() + timeout
        self._metadata = tuple(metadata or ())
        self._trailing: tuple[Any, ...] = ()
        self._code: grpc.StatusCode | None = None
        self._details = ""

    def invocation_metadata(self) -> tuple[Any, ...]:
        return self._metadata

    def time_remaining(self) -> float | None:
        return None if self.end is None else max(0.0, self.end - self._clock())

    def peer(self) -> str:
        return "local:"

    def code(self) -> grpc.StatusCode | None:
        return self._code

    def details(self) -> str:
        return self._details

    def set_trailing_metadata(self, metadata: Any) -> None:
        self._trailing = tuple(metadata)

    def trailing_metadata(self) -> tuple[Any, ...]:
        return self._trailing

    async def abort(
        self, code: grpc.StatusCode, details: str = "", trailing_metadata: Any = ()
    ) -> NoReturn:
        self._code, self._details = code, details
        self._trailing = tuple(trailing_metadata) or self._trailing
        raise AbortError


class LocalCall:
    """A call from its start to its status; the servicer's part is `serve`."""

    def __init__(self, context: LocalContext) -> None:
        self.context = context
        self._loop = asyncio.get_running_loop()
        self._status: tuple[grpc.StatusCode, str] | None = None
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._callbacks: list[Callable[[Any], None]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._servicer: asyncio.Task[None] | None = None

    def start(self, serve: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """Run the servicer's part until the deadline."""
        self._servicer = task = self._loop.create_task(self._run(serve))
        # A task that is cancelled before its first step runs nothing of its coroutine.
        task.add_done_callback(lambda _: self._finish(CANCELLED, "CANCELLED"))
        if self.context.end is not None:
            self._timer = self._loop.call_at(self.context.end, self._expire)
        return task

    def cancel(self) -> bool:
        if self._status is not None:
            return False
        self._cut(CANCELLED, "Locally cancelled by application!")
        return True

    def cancelled(self) -> bool:
        return self._status is not None and self._status[0] is CANCELLED

    def done(self) -> bool:
        return self._status is not None

    def time_remaining(self) -> float | None:
        return self.context.time_remaining()

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        if self._status is None:
            self._callbacks.append(callback)
        else:
            callback(self)

    async def initial_metadata(self) -> Metadata:
        return Metadata()

    async def trailing_metadata(self) -> Metadata:
        await self._end()
        return Metadata(*self.context.trailing_metadata())

    async def code(self) -> grpc.StatusCode:
        return (await self._end())[0]

    async def details(self) -> str:
        return (await self._end())[1]

    async def _end(self) -> tuple[grpc.StatusCode, str]:
        # Many may wait here, and a caller in __await__. The shield keeps one that is cancelled
        # from ending the wait of the others. When the caller is cancelled, `_ended` is too; it
        # sets the status a turn of the loop before the shield tells those who wait here.
        try:
            await asyncio.shield(self._ended)
        except asyncio.CancelledError:
            if self._status is None:
                raise
        assert self._status is not None  # noqa: S101 - an ended call has a status
        return self._status

    def _expire(self) -> None:
        self._cut(grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline Exceeded")

    def _cut(self, code: grpc.StatusCode, details: str) -> None:
        """End the call before its servicer does."""
        if self._status is None:
            # Before the servicer is cancelled: how it takes that changes nothing any more.
            self._finish(code, details)
            if self._servicer is not None:
                self._servicer.cancel()

    async def _run(self, serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await serve()
            self._finish(OK, "")
        except AbortError:
            code = self.context.code() or grpc.StatusCode.UNKNOWN
            self._finish(code, self.context.details())
        except Exception:
            logger.exception("rpc.failed")
            # With our ErrorInfo: nothing is between the two ends that could have failed.
            bug = PenstockError(BUG)
            self.context.set_trailing_metadata(trailing_metadata(bug))
            self._finish(CODES[bug.code], BUG)

    def _finish(self, code: grpc.StatusCode, details: str) -> None:
        """Set the status; the first one stays."""
        if self._status is not None:
            return
        self._status = code, details
        if self._timer is not None:
            self._timer.cancel()
        if not self._ended.done():
            self._ended.set_result(None)
        for callback in self._callbacks:
            callback(self)

    def raise_for_status(self) -> None:
        """Raise what grpc raises, if the call ended badly."""
        code, details = self._status or (OK, "")
        if code is CANCELLED:
            raise asyncio.CancelledError
        if code is not OK:
            trailing = Metadata(*self.context.trailing_metadata())
            raise AioRpcError(code, Metadata(), trailing, details)


class LocalUnaryCall(LocalCall):
    """Awaited, it gives the reply."""

    def __init__(self, context: LocalContext, read: Callable[[bytes], Any]) -> None:
        super().__init__(context)
        self._read = read
        self._reply = b""

    def reply(self, data: bytes) -> None:
        self._reply = data

    def __await__(self) -> Generator[Any, None, Any]:
        try:
            if self._status is None:
                yield from self._ended
        except asyncio.CancelledError:
            self.cancel()
            raise
        self.raise_for_status()
        return self._read(self._reply)


class LocalStreamCall(LocalCall):
    """Iterated, it gives the replies; the servicer is at most one reply ahead.

    Who leaves a stream before its end cancels it, as on a socket.
    """

    def __init__(self, context: LocalContext, read: Callable[[bytes], Any]) -> None:
        super().__init__(context)
        self._read = read
        self._replies: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self._taken = asyncio.Event()
        self.add_done_callback(lambda _: self._arrived.set())

    # One servicer appends and one caller takes. Each looks, clears its event and waits without
    # an await between, so that what the other does after the look sets the event again. An end
    # sets `_arrived`, and cancels a servicer that waits to be taken from.
    async def reply(self, data: bytes) -> None:
        self._replies.append(data)
        self._arrived.set()
        while len(self._replies) > 1:
            self._taken.clear()
            await self._taken.wait()

    async def read(self) -> Any:
        try:
            while not self._replies and self._status is None:
                self._arrived.clear()
                await self._arrived.wait()
        except asyncio.CancelledError:
            self.cancel()
            raise
        if self._replies:
            self._taken.set()
            return self._read(self._replies.popleft())
        self.raise_for_status()
        return EOF

    def __aiter__(self) -> LocalStreamCall:
        return self

    async def __anext__(self) -> Any:
        reply = await self.read()
        if reply is EOF:
            raise StopAsyncIteration
        return reply
