"""What a submitted task is to bring: its state and its result, when they are there."""

from __future__ import annotations

import concurrent.futures
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from penstock.states import Pending, Running, State

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

__all__ = ["PenstockFuture", "PenstockFutureList", "as_completed", "wait"]


class PenstockFuture(Generic[R_co]):
    """A task run that was submitted.

    Attributes:
        task_run_id: the task run's id.
        name: the task run's name.
    """

    __slots__ = ("_help", "begun", "ended", "name", "step", "task_run_id")

    def __init__(self, task_run_id: str, name: str) -> None:
        self.task_run_id, self.name = task_run_id, name
        self.ended: concurrent.futures.Future[State[R_co]] = concurrent.futures.Future()
        self.begun = False
        self.step: bytes = b""
        self._help: Callable[[], object] | None = None

    @property
    def state(self) -> State[R_co]:
        """The task run's state as it is now."""
        if self.ended.done():
            return self.ended.result()
        return (
            Running(task_run_id=self.task_run_id)
            if self.begun
            else Pending(task_run_id=self.task_run_id)
        )

    def wait(self, timeout: float | None = None) -> None:
        """Return when the task run has ended, or after so many seconds."""
        _check(timeout)
        if timeout is None:
            self.help()
        concurrent.futures.wait((self.ended,), timeout)

    def result(self, timeout: float | None = None, raise_on_failure: bool = True) -> R_co:
        """Return what the task returned, or raise what ended it.

        Args:
            timeout: wait at most so many seconds.
            raise_on_failure: when false, the exception is returned instead.

        Raises:
            TimeoutError: the task run has not ended in time.
        """
        self.wait(timeout)
        if not self.ended.done():
            raise TimeoutError(f"{self.name} has not ended within {timeout} seconds")
        return self.ended.result().result(raise_on_failure)

    def add_done_callback(self, fn: Callable[[PenstockFuture[R_co]], object]) -> None:
        """Call `fn` with this future when the task run has ended, or now if it has."""
        self.ended.add_done_callback(lambda _ended: fn(self))

    def help(self) -> None:
        """Run the task here if it has not begun and this thread is one that should."""
        if self._help is not None:
            self._help()

    def helped_by(self, help_out: Callable[[], object]) -> None:
        """Whoever waits calls `help_out` first: it may run the task itself."""
        self._help = help_out

    def __penstock_step__(self) -> bytes:
        """Stand for the result, for the same step gives the same one; empty if nothing does."""
        return b"future:" + self.step if self.step else b""

    def __repr__(self) -> str:
        return f"PenstockFuture({self.name!r}, {self.state.name})"


class PenstockFutureList(list[PenstockFuture[R]]):
    """What `map` gives: futures in the order of the inputs."""

    def wait(self, timeout: float | None = None) -> None:
        """Return when all have ended, or after so many seconds."""
        wait(self, timeout)

    def result(self, timeout: float | None = None, raise_on_failure: bool = True) -> list[R]:
        """Return all results in the order of the inputs; the first failure is raised at once.

        Raises:
            TimeoutError: some have not ended in time.
        """
        if raise_on_failure:
            for future in as_completed(self, timeout):
                future.result()
        else:
            _all_ended(self, timeout)
        return [future.result(raise_on_failure=raise_on_failure) for future in self]


class DoneAndNotDoneFutures(NamedTuple, Generic[R]):
    """Futures by whether they have ended."""

    done: set[PenstockFuture[R]]
    not_done: set[PenstockFuture[R]]


def wait(
    futures: Iterable[PenstockFuture[R]], timeout: float | None = None
) -> DoneAndNotDoneFutures[R]:
    """Wait until all have ended, or so many seconds, and tell them apart.

    Raises:
        ValueError: the time-out is negative.
    """
    _check(timeout)
    everything = set(futures)
    if timeout is None:
        for future in everything:
            future.wait()
    else:
        concurrent.futures.wait([future.ended for future in everything], timeout)
    done = {future for future in everything if future.ended.done()}
    return DoneAndNotDoneFutures(done, everything - done)


def as_completed(
    futures: Iterable[PenstockFuture[R]], timeout: float | None = None
) -> Iterator[PenstockFuture[R]]:
    """Yield each future when it has ended, the first to end first.

    Raises:
        TimeoutError: some have not ended in time.
        ValueError: the time-out is negative.
    """
    _check(timeout)
    by_ended = {future.ended: future for future in futures}
    if timeout is None:
        for future in by_ended.values():
            future.help()
    for ended in concurrent.futures.as_completed(by_ended, timeout):
        yield by_ended[ended]


def _check(timeout: float | None) -> None:
    if timeout is not None and timeout < 0:
        raise ValueError(f"a timeout cannot be negative: {timeout}")


def _all_ended(futures: Iterable[PenstockFuture[Any]], timeout: float | None) -> None:
    end = None if timeout is None else time.monotonic() + timeout
    for future in futures:
        future.wait(None if end is None else max(0.0, end - time.monotonic()))
        if not future.ended.done():
            raise TimeoutError(f"{future.name} has not ended within {timeout} seconds")
