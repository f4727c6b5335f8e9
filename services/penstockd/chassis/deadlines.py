"""Every call ends in time: none without a deadline, none longer than its kind may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from penstock.errors import DeadlineExceeded, DeadlineMissing
from penstock.wire_channels import set_deadline
from penstockd.chassis.chain import Method, Stream, Unary

LONGEST_UNARY = 60.0
LONGEST_STREAM = 30 * 60.0


class Deadlines:
    """Refuses calls without a deadline, shortens long ones, and bounds the calls they make."""

    def __init__(
        self, *, longest_unary: float = LONGEST_UNARY, longest_stream: float = LONGEST_STREAM
    ) -> None:
        self._longest_unary = longest_unary
        self._longest_stream = longest_stream

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        longest = self._longest_unary

        async def limited(request: Any, context: Any) -> Any:
            left = _left(method, context)
            if left <= longest:
                set_deadline(left)
                return await behaviour(request, context)
            set_deadline(longest)
            try:
                async with asyncio.timeout(longest) as limit:
                    return await behaviour(request, context)
            except TimeoutError:
                if limit.expired():
                    raise _exceeded(longest) from None
                raise

        return limited

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        async def limited(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            left = min(_left(method, context), self._longest_stream)
            end = asyncio.get_running_loop().time() + left
            set_deadline(left)
            async with aclosing(behaviour(request, context)) as replies:
                while True:
                    # Around each reply: the task that reads the stream is cancelled here only.
                    try:
                        async with asyncio.timeout_at(end) as limit:
                            reply = await anext(replies)
                    except StopAsyncIteration:
                        return
                    except TimeoutError:
                        if limit.expired():
                            raise _exceeded(left) from None
                        raise
                    yield reply

        return limited


def _left(method: Method, context: Any) -> float:
    left: float | None = context.time_remaining()
    if left is None:
        raise DeadlineMissing(
            f"{method.service}/{method.name} was called without a deadline: pass a timeout, "
            f"in Python `stub.{method.name}(request, timeout=10)`"
        )
    return left


def _exceeded(limit: float) -> DeadlineExceeded:
    return DeadlineExceeded(f"the call was ended after {limit:g} s, its time limit")
