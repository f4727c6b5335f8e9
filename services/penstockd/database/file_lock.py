"""One advisory lock for all programs that share a store."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from penstock.errors import StorageUnavailable
from penstockd.database.private_files import FILE_MODE

_FIRST_PAUSE = 0.0001
_LONGEST_PAUSE = 0.002


class FileLock:
    """Held while one thread is inside; others wait, and give up after `patience` seconds.

    A waiter stands in the turn file first, so that a busy holder cannot come round again
    before it. flock belongs to the open file: a crash of its process sets it free.
    """

    def __init__(self, path: Path, *, patience: float = 20.0) -> None:
        self._path = path
        self._patience = patience
        self._lock = open_lock(path)
        self._turn = open_lock(path.with_name(f"{path.name}.turn"))

    def __enter__(self) -> None:
        give_up = time.monotonic() + self._patience
        self._take(self._turn, give_up)
        try:
            self._take(self._lock, give_up)
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        let_go(self._lock)
        let_go(self._turn)

    def _take(self, descriptor: int, give_up: float) -> None:
        # A blocking flock could not give up when its holder is stopped (Ctrl-Z).
        pause = _FIRST_PAUSE
        while not try_lock(descriptor):
            if time.monotonic() > give_up:
                raise StorageUnavailable(
                    f"another program has held {self._path} for {self._patience:.0f} s"
                )
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def lock_of(store: Path) -> Path:
    return store.with_name(f"{store.name}.lock")


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock on an open file if nobody else has it."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_lock(path: Path) -> int:
    """Open a file to lock it, in this process only: a forked child would keep the lock."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
    _ours.add(descriptor)
    return descriptor


def let_go(descriptor: int) -> None:
    if descriptor in _ours:
        _ours.remove(descriptor)
        os.close(descriptor)


def _let_all_go() -> None:
    while _ours:
        os.close(_ours.pop())


_ours: set[int] = set()
os.register_at_fork(after_in_child=_let_all_go)
