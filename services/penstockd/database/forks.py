"""A forked child inherits nothing of SQLite: connections are closed before each fork.

A child would get a copy of the table in which SQLite keeps this process's locks, but not the
locks: whatever it opened then would be used without any, and the last other program to close
the store would delete the log under it. No call empties that table, so in the child it is too
late.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from weakref import WeakSet

# A transaction is over in moments; one that waits for a slow disk may keep a fork waiting.
CALM_SECONDS = 10.0


class Opened(Protocol):
    """A connection to SQLite; who needs it again opens another."""

    def let_go(self) -> None: ...


class Forks:
    """Who is using SQLite now, and whether somebody wants to fork."""

    def __init__(self, *, calm_seconds: float = CALM_SECONDS) -> None:
        self._calm_seconds = calm_seconds
        self._open: WeakSet[Opened] = WeakSet()
        # Kept for ever: to close them would be to use what is not this process's own.
        self._kept: list[object] = []
        self._unfit = False
        self._left_open: list[Opened] = []
        self._reset()

    @property
    def unfit(self) -> bool:
        """Whether SQLite must not be used here, since a parent left something of it open."""
        return self._unfit

    def add(self, opened: Opened) -> None:
        self._open.add(opened)

    def keep(self, connection: object) -> None:
        """Never close this connection, nor let a child use SQLite: it is not ours any more."""
        self._kept.append(connection)

    def enter(self) -> None:
        """Use SQLite from now on, until `leave`; waits while somebody forks."""
        with self._calm:
            while self._forking:
                self._calm.wait()
            self._inside += 1

    def leave(self) -> None:
        with self._calm:
            self._inside -= 1
            if self._forking:
                self._calm.notify_all()

    @contextmanager
    def none(self) -> Iterator[None]:
        """Let nobody fork while the block lasts."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def before(self) -> None:
        with self._calm:
            # Two threads may fork at once: each in its turn, and nobody opens between.
            self._forking += 1
            calm = self._calm.wait_for(lambda: not self._inside, self._calm_seconds)
            if calm:
                for opened in list(self._open):
                    opened.let_go()
            else:
                self._left_open = list(self._open)

    def in_parent(self) -> None:
        with self._calm:
            self._forking -= 1
            self._left_open.clear()
            self._calm.notify_all()

    def in_child(self) -> None:
        self._kept += self._left_open
        self._unfit = bool(self._kept)
        self._reset()

    def _reset(self) -> None:
        self._calm = threading.Condition(threading.Lock())
        self._inside = self._forking = 0
        self._left_open = []


forks = Forks()
os.register_at_fork(
    before=forks.before, after_in_parent=forks.in_parent, after_in_child=forks.in_child
)
