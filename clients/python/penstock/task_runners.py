"""Where submitted tasks run."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Protocol

Work = Callable[[], object]

__all__ = ["ConcurrentTaskRunner", "TaskRunner", "ThreadPoolTaskRunner"]

# A task that only waits holds a thread of its own; more than this many make no sense.
MOST_WORKERS = 250

_here = threading.local()


class TaskRunner(Protocol):
    """Takes work from a flow run and carries it out elsewhere."""

    def duplicate(self) -> TaskRunner:
        """Return a runner of the same kind that has not begun."""

    def start(self, work: Work) -> Callable[[], object]:
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
        self._waiting: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._lock = threading.Lock()

    def duplicate(self) -> ThreadPoolTaskRunner:
        return type(self)(self.max_workers)

    def start(self, work: Work) -> Callable[[], object]:
        item = _Item(work)
        self._waiting.put(item)
        if self._waiting.qsize() > self._idle and len(self._threads) < self._limit:
            self._spawn()
        return item.help_out

    def close(self) -> None:
        for _ in self._threads:
            self._waiting.put(None)
        self._threads.clear()

    def _spawn(self) -> None:
        with self._lock:
            if len(self._threads) >= self._limit:
                return
            name = f"penstock-task-{len(self._threads)}"
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        _here.is_worker = True
        while True:
            with self._lock:
                self._idle += 1
            item = self._waiting.get()
            with self._lock:
                self._idle -= 1
            if item is None:
                return
            item.run()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(max_workers={self.max_workers})"


ConcurrentTaskRunner = ThreadPoolTaskRunner


class _Item:
    """Work that is done once, by whoever comes first, in the context that submitted it."""

    __slots__ = ("_context", "_taken", "_work")

    def __init__(self, work: Work) -> None:
        self._work = work
        self._context = copy_context()
        self._taken = threading.Lock()

    def run(self) -> None:
        if self._taken.acquire(blocking=False):
            self._context.run(self._work)

    def help_out(self) -> None:
        """Run it here if the caller holds a worker's thread: it may be the last one."""
        if getattr(_here, "is_worker", False):
            self.run()
