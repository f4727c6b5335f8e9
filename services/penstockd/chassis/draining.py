"""Long polls and watches end at once when the process begins to shut down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

from penstock.errors import ShuttingDown
from penstock.wire_channels import parks
from penstockd.chassis.chain import Method, Stream, Unary


class Draining:
    """The layer around long polls and watches; `begun` is set when the drain begins.

    A call looks at `begun` and joins `_parked` without an await between, and a drain sets the
    one before it cancels the other: each call is refused or cancelled, whichever comes first. A
    stream between two replies is in neither, and is refused when it asks for the next.
    """

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self._parked: set[asyncio.Task[Any]] = set()

    def begin(self) -> None:
        self.begun.set()
        for task in self._parked:
            task.cancel()

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        if not parks(method.path):
            return behaviour

        async def parked(request: Any, context: Any) -> Any:
            with self._released():
                return await behaviour(request, context)

        return parked

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        if not parks(method.path):
            return behaviour

        async def parked(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            async with aclosing(behaviour(request, context)) as replies:
                while True:
                    try:
                        with self._released():
                            reply = await anext(replies)
                    except StopAsyncIteration:
                        return
                    yield reply

        return parked

    @contextmanager
    def _released(self) -> Iterator[None]:
        task = asyncio.current_task()
        if task is None or self.begun.is_set():
            raise _shutting_down()
        self._parked.add(task)
        try:
            yield
        except asyncio.CancelledError:
            # Cancelled by the drain alone, and not by the caller too.
            if self.begun.is_set() and task.uncancel() == 0:
                raise _shutting_down() from None
            raise
        finally:
            self._parked.discard(task)


def _shutting_down() -> ShuttingDown:
    return ShuttingDown(
        "the service is shutting down: call again, so that another replica answers"
    )
