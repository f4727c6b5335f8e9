"""Counts the task runs of a flow run, from any thread."""

from __future__ import annotations

from threading import Lock


class Tally:
    """How many task runs have ended, and how many of them badly."""

    __slots__ = ("_failed", "_lock", "_total")

    def __init__(self) -> None:
        self._lock = Lock()
        self._total = self._failed = 0

    def add(self, *, bad: bool) -> None:
        with self._lock:
            self._total += 1
            self._failed += bad

    def said(self) -> str:
        """Return `203 tasks, 4 failed`."""
        with self._lock:
            return counted(self._total, self._failed)


def counted(total: int, failed: int) -> str:
    """Return `203 tasks, 4 failed`."""
    tasks = f"{total} task{'' if total == 1 else 's'}"
    return f"{tasks}, {failed} failed" if failed else tasks
