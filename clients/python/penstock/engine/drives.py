"""How the engine waits: by blocking its thread, or by awaiting. It is written once for both."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from penstock.ground.cancelling import CancelToken
from penstock.process.timeouts import CallTimedOut, interrupted_after

T = TypeVar("T")


class Drive(Protocol):
    """Carries out what an engine coroutine awaits."""

    async def call(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        timeout: float | None,
    ) -> Any:
        """Call user code; after so many seconds it is interrupted.

        Raises:
            CallTimedOut: it was.
        """

    async def until(self, future: Future[T]) -> T:
        """Wait for what another thread brings."""

    async def sleep(self, seconds: float, cancel: CancelToken | None) -> None:
        """Wait so long, or until the token is set."""


class Blocking:
    """Never suspends, so that one `send` runs the engine to its end on the caller's thread."""

    async def call(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        timeout: float | None,
    ) -> Any:
        try:
            if timeout is None:
                return fn(*args, **kwargs)
            with interrupted_after(timeout):
                return fn(*args, **kwargs)
        except StopIteration as error:
            # No coroutine can let it through, and Python's own words name the wrong culprit.
            name = getattr(fn, "__name__", "the function")
            raise RuntimeError(f"{name} raised StopIteration") from error

    async def until(self, future: Future[T]) -> T:
        return future.result()

    async def sleep(self, seconds: float, cancel: CancelToken | None) -> None:
        if cancel is None:
            threading.Event().wait(seconds)
        else:
            cancel.wait(seconds)


class Awaiting:
    """Suspends in the caller's own event loop."""

    async def call(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        timeout: float | None,
    ) -> Any:
        if timeout is None:
            return await fn(*args, **kwargs)
        return await _awaited_within(timeout, fn(*args, **kwargs))

    async def until(self, future: Future[T]) -> T:
        return await asyncio.wrap_future(future)

    async def sleep(self, seconds: float, cancel: CancelToken | None) -> None:
        if cancel is None:
            return await asyncio.sleep(seconds)
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        cancel.when_set(lambda: loop.call_soon_threadsafe(woken.set))
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            return None


BLOCKING: Drive = Blocking()
AWAITING: Drive = Awaiting()


def run_blocking(work: Coroutine[Any, Any, T]) -> T:
    """Run an engine coroutine that a `Blocking` drive carries out."""
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    raise AssertionError("a blocking drive never suspends")


async def _awaited_within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    scope = asyncio.timeout(seconds)
    try:
        async with scope:
            return await work
    except TimeoutError:
        if scope.expired():
            raise CallTimedOut from None
        raise
