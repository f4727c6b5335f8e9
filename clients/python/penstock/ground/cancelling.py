"""The token by which a run learns that it is to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable

from penstock.exceptions import CancelledRun


class CancelToken:
    """Set once, from any thread; a subflow's token is set with its parent's."""

    def __init__(self, parent: CancelToken | None = None) -> None:
        self._event = threading.Event()
        self._listeners: list[Callable[[], object]] = []
        self._lock = threading.Lock()
        self.message = ""
        self.lost = False
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
            listeners, self._listeners = self._listeners, []
        for tell in listeners:
            tell()

    def when_set(self, act: Callable[[], object]) -> None:
        with self._lock:
            if not self._event.is_set():
                self._listeners.append(act)
                return
        act()

    def wait(self, seconds: float) -> bool:
        """Sleep so long, or until the token is set; tell whether it is."""
        return self._event.wait(seconds)

    def check(self) -> None:
        """Raise if the run is to stop.

        Raises:
            CancelledRun: it is.
        """
        if self._event.is_set():
            raise CancelledRun(self.message)
