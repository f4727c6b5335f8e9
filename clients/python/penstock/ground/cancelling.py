"""The token by which a run learns that it is to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class RunStopped(BaseException):
    """Raised inside a run that is to stop, where no `except Exception` can swallow it."""


class CancelToken:
    """Set once, from any thread; a subflow's token is set with its parent's."""

    def __init__(self, parent: CancelToken | None = None) -> None:
        self._event = threading.Event()
        # A dict, so that each is found at once when it is to be forgotten.
        self._listeners: dict[Callable[[], object], None] = {}
        self._lock = threading.Lock()
        self.message = ""
        self.lost = False
        # The run's own code has ended: nothing is left that must be interrupted.
        self.over = False
        self._subflows = 0
        if parent is not None:
            parent.when_set(lambda: self.cancel(parent.message, lost=parent.lost))

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def cancel(self, message: str = "", *, lost: bool = False) -> None:
        """Ask the run to stop; `lost` says that somebody else owns it now."""
        with self._lock:
            if self._event.is_set():
                return
            self.message, self.lost = message or "the run was cancelled", lost
            self._event.set()
            listeners, self._listeners = self._listeners, {}
        for tell in listeners:
            tell()

    def when_set(self, act: Callable[[], object]) -> None:
        with self._lock:
            if not self._event.is_set():
                self._listeners[act] = None
                return
        act()

    def forget(self, act: Callable[[], object]) -> None:
        """Do not call what `when_set` was given."""
        with self._lock:
            self._listeners.pop(act, None)

    @contextmanager
    def subflow(self) -> Iterator[None]:
        """While the block lasts, a subflow runs: it has a token of its own, and stops first."""
        with self._lock:
            self._subflows += 1
        try:
            yield
        finally:
            with self._lock:
                self._subflows -= 1

    @property
    def has_subflows(self) -> bool:
        return self._subflows > 0

    def wait(self, seconds: float) -> bool:
        """Sleep so long, or until the token is set; tell whether it is."""
        return self._event.wait(seconds)

    def check(self) -> None:
        """Raise if the run is to stop.

        Raises:
            RunStopped: it is.
        """
        if self._event.is_set():
            raise RunStopped(self.message)
