"""Where submitted tasks run."""

from __future__ import annotations

import threading
from asyncio import _get_running_loop
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import Protocol

Thunk = Callable[[], object]

__all__ = ["ConcurrentTaskRunner", "TaskRunner", "ThreadPoolTaskRunner"]

# A task that only waits holds a thread of its own; more than this many make no sense.
MOST_WORKERS = 250

_here = threading.local()


class TaskRunner(Protocol):
    """Takes work from a flow run and carries it out elsewhere."""

    def duplicate(self) -> TaskRunner:
        """Return a runner of the same kind that has not begun."""

    def start(self, work: Thunk) -> Callable[[], object]:
        """Begin the work soon; whoever waits for it calls what is returned."""

    def close(self) -> None:
        """Let go of the threads when the work that they have is done."""


class ThreadPoolTaskRunner:
    """Runs submitted tasks on threads.

    A task that waits for a task which has not begun runs it itself, so that tasks which
    submit tasks cannot deadlock however few threads there are.
    """

    def __init__(self, max_workers: int | None = None) -> None:
        if max_workers is not None and max_workers < 1:
            raise ValueError(f"max_workers must be at least 1, not {max_workers}")
        self.max_workers = max_workers
        self._limit = max_workers or MOST_WORKERS
        self._items: deque[_Item] = deque()
        # All below is read and written under this lock. A thread that sleeps is free until an
        # item is put there for it: whoever puts one in takes it off, before the thread wakes.
        self._changed = threading.Condition(threading.Lock())
        self._free = 0
        self._threads = 0
        self._closed = False

    def duplicate(self) -> ThreadPoolTaskRunner:
        return type(self)(self.max_workers)

    def start(self, work: Thunk) -> Callable[[], object]:
        item = _Item(work)
        with self._changed:
            self._items.append(item)
            if self._free:
                self._free -= 1
                self._changed.notify()
                return partial(self._help, item)
            wanted = self._threads < self._limit
            self._threads += wanted
        if wanted:
            self._spawn(item)
        return partial(self._help, item)

    def close(self) -> None:
        with self._changed:
            self._closed, self._free = True, 0
            self._changed.notify_all()

    def _spawn(self, item: _Item) -> None:
        try:
            threading.Thread(target=self._work, name="penstock-task", daemon=True).start()
        except RuntimeError:
            # The system gives no more threads; those that are there do it when they can.
            with self._changed:
                self._threads -= 1
                if not self._threads:
                    self._items.remove(item)
                    raise

    def _work(self) -> None:
        _here.is_worker = True
        while (item := self._next()) is not None:
            item.run()

    def _next(self) -> _Item | None:
        """Wait for an item; there is none when the runner is closed and all are begun."""
        with self._changed:
            while not self._items:
                if self._closed:
                    self._threads -= 1
                    return None
                self._free += 1
                self._changed.wait()
            return self._items.popleft()

    def _help(self, item: _Item) -> None:
        """Run it here if the caller holds a worker's thread: it may be the last one."""
        if not getattr(_here, "is_worker", False) or item.begun:
            return
        if _get_running_loop() is None:
            item.run()
        else:
            # A loop that runs here must go on, and another cannot run on its thread.
            threading.Thread(target=_work_on, args=(item,), daemon=True).start()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(max_workers={self.max_workers})"


ConcurrentTaskRunner = ThreadPoolTaskRunner


class _Item:
    """Work that is done once, by whoever comes first, in the context that submitted it."""

    __slots__ = ("_context", "_taken", "_work")

    def __init__(self, work: Thunk) -> None:
        self._work = work
        self._context = copy_context()
        self._taken = threading.Lock()

    @property
    def begun(self) -> bool:
        return self._taken.locked()

    def run(self) -> None:
        if self._taken.acquire(blocking=False):
            self._context.run(self._work)


def _work_on(item: _Item) -> None:
    _here.is_worker = True
    item.run()
