"""Executors: on threads, and without any, for simulation and for programs with few callers."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock, Semaphore, Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Inline(Executor):
    """Runs what is submitted at once, on the thread that submits it."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        _run(future, lambda: fn(*args, **kwargs))
        return future


class OnLoop(Executor):
    """Runs it next on the running event loop: what one pass submits becomes one group."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        asyncio.get_running_loop().call_soon(_run, future, lambda: fn(*args, **kwargs))
        return future


class Threads(Executor):
    """Runs it on a few threads, which start as they are needed.

    Python's own pools take nothing more once a program's main thread has ended, and cannot
    even be imported then; other threads of a program may begin runs for as long as they like.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._idle = Semaphore(0)
        self._lock = Lock()
        self._closed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError(f"the threads of {self._name} were shut down")
            self._work.put(partial(_run, future, lambda: fn(*args, **kwargs)))
            if len(self._threads) < self._most and not self._idle.acquire(blocking=False):
                # Whoever ends the program closes the store, and waits for no idle thread.
                thread = Thread(target=self._serve, name=self._name, daemon=True)
                thread.start()
                self._threads.append(thread)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads go when all that was submitted is done."""
        if cancel_futures:
            raise ValueError("what was submitted is carried out: leave cancel_futures out")
        with self._lock:
            if not self._closed:
                self._closed = True
                for _ in self._threads:
                    self._work.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self) -> None:
        while (call := self._next()) is not None:
            call()

    def _next(self) -> Callable[[], None] | None:
        try:
            return self._work.get_nowait()
        except Empty:
            self._idle.release()
            return self._work.get()


def _run(future: Future[T], call: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(call())
    except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
        future.set_exception(error)
