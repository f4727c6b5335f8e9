"""How the engine waits: by blocking its thread, or by awaiting. It is written once for both."""

from __future__ import annotations

import asyncio
import threading
import types
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from penstock.ground.cancelling import CancelToken, RunStopped
from penstock.process import forks
from penstock.process.timeouts import CallTimedOut, interrupted_after

T = TypeVar("T")

# How often it is looked whether the subflows of a run that is to stop have ended.
ASKED_AGAIN_AFTER = 0.02


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

        A child that was forked inside, and comes back from there, ends.

        Raises:
            CallTimedOut: it was.
        """

    def stopped_by(self, cancel: CancelToken, /) -> AbstractContextManager[None]:
        """Let what is awaited in the block end when the token is set.

        Raises:
            RunStopped: it did.
        """

    async def until(self, future: Future[T]) -> T:
        """Wait for what another thread brings."""

    async def sleep(self, seconds: float, cancel: CancelToken | None) -> None:
        """Wait so long, or until the token is set."""

    async def give(self, item: Any) -> Any:
        """Hand an item to whoever iterates over the run, and return what they send back."""


class _Item:
    """An item on its way out of an engine coroutine: awaiting it suspends for its sake."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[_Item, Any, Any]:
        return (yield self)


class Blocking:
    """Suspends only to give items: without any, one `send` runs the engine to its end."""

    async def call(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        timeout: float | None,
    ) -> Any:
        depth = forks.depth
        try:
            if timeout is None:
                return fn(*args, **kwargs)
            with interrupted_after(timeout):
                return fn(*args, **kwargs)
        except StopIteration as error:
            # No coroutine can let it through, and Python's own words name the wrong culprit.
            name = getattr(fn, "__name__", "the function")
            raise RuntimeError(f"{name} raised StopIteration") from error
        finally:
            if forks.depth != depth:
                forks.end_child()

    def stopped_by(self, _cancel: CancelToken, /) -> AbstractContextManager[None]:
        # A thread that blocks is interrupted by signals only.
        return nullcontext()

    async def until(self, future: Future[T]) -> T:
        return future.result()

    async def sleep(self, seconds: float, cancel: CancelToken | None) -> None:
        if cancel is None:
            threading.Event().wait(seconds)
        else:
            cancel.wait(seconds)

    async def give(self, item: Any) -> Any:
        return await _Item(item)


class Awaiting:
    """Suspends in the caller's own event loop."""

    async def call(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        timeout: float | None,
    ) -> Any:
        depth = forks.depth
        try:
            if timeout is None:
                return await fn(*args, **kwargs)
            return await _awaited_within(timeout, fn(*args, **kwargs))
        finally:
            if forks.depth != depth:
                forks.end_child()

    def stopped_by(self, cancel: CancelToken, /) -> AbstractContextManager[None]:
        return _Stopping(cancel)

    async def until(self, future: Future[T]) -> T:
        return await asyncio.wrap_future(future)

    async def sleep(self, seconds: float, cancel: CancelToken | None) -> None:
        if cancel is None:
            return await asyncio.sleep(seconds)
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        wake = partial(_on_loop, loop, woken.set)
        cancel.when_set(wake)
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            return None
        finally:
            cancel.forget(wake)

    async def give(self, item: Any) -> Any:
        return await _Item(item)


BLOCKING: Drive = Blocking()
AWAITING: Drive = Awaiting()


def run_blocking(work: Coroutine[Any, Any, T]) -> T:
    """Run an engine coroutine that a `Blocking` drive carries out."""
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    raise AssertionError("a run that is not iterated over has no items")


def iterate_blocking(work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
    """Run an engine coroutine that a `Blocking` drive carries out, and yield what it gives.

    What is sent or thrown into the iteration arrives where the item was given.
    """
    go_on: Callable[[], Any] = partial(work.send, None)
    while True:
        try:
            given = go_on()
        except StopIteration as ended:
            return ended.value  # type: ignore[no-any-return]
        try:
            sent = yield given.value
        except BaseException as error:  # noqa: BLE001 - the coroutine decides what comes of it
            go_on = partial(work.throw, error)
        else:
            go_on = partial(work.send, sent)


async def iterate_awaiting(work: Coroutine[Any, Any, Any]) -> AsyncGenerator[Any, Any]:
    """Run an engine coroutine that an `Awaiting` drive carries out, and yield what it gives."""
    go_on: Callable[[], Any] = partial(work.send, None)
    while True:
        try:
            given = go_on()
        except StopIteration:
            return
        try:
            # Whatever is no item is for the caller's loop to wait for.
            sent = (yield given.value) if isinstance(given, _Item) else await _passed_on(given)
        except BaseException as error:  # noqa: BLE001 - the coroutine decides what comes of it
            go_on = partial(work.throw, error)
        else:
            go_on = partial(work.send, sent)


@types.coroutine
def _passed_on(awaited: Any) -> Generator[Any, Any, Any]:
    return (yield awaited)


class _Stopping:
    """Cancels the asyncio task that is in the block when the token is set."""

    def __init__(self, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._loop = asyncio.get_running_loop()
        self._asked = False

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None, "an engine coroutine is awaited in a task"  # noqa: S101
        self._task, self._cancelling = task, task.cancelling()
        self._tell = partial(_on_loop, self._loop, self._ask)
        self._cancel.when_set(self._tell)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self._cancel.forget(self._tell)
        if not self._asked:
            self._asked = True
            return
        # Somebody else may have cancelled the task too, and that must go on.
        only_we = self._task.uncancel() <= self._cancelling
        if only_we and isinstance(error, asyncio.CancelledError):
            raise RunStopped(self._cancel.message) from None

    def _ask(self) -> None:
        if self._asked:
            return
        if self._cancel.has_subflows:
            # A second cancel of the same task would hit a subflow that is recording its end.
            self._loop.call_later(ASKED_AGAIN_AFTER, self._ask)
            return
        self._asked = True
        self._task.cancel()


def _on_loop(loop: asyncio.AbstractEventLoop, act: Callable[[], object]) -> None:
    """Call it on a loop that may have been closed meanwhile."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(act)


async def _awaited_within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    scope = asyncio.timeout(seconds)
    try:
        async with scope:
            return await work
    except TimeoutError:
        if scope.expired():
            raise CallTimedOut from None
        raise
