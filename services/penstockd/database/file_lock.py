"""One advisory lock for all programs that share a store."""

import errno
import fcntl
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from penstock.errors import StorageUnavailable, StoreLost
from penstockd.database.lock_holders import holder_of
from penstockd.database.private_files import FILE_MODE

logger = logging.getLogger(__name__)

# Less than callers have, who are to hear for whom it was in vain.
PATIENCE = 8.0
_FIRST_PAUSE = 0.0001
_LONGEST_PAUSE = 0.002
# Who is before us may have been stopped there, as by Ctrl-Z: then its turn passes.
_TURN_SECONDS = 0.5
_TOLD_AFTER = 1.0
# Between two looks at what else a waiter has to see to.
_LOOK_AGAIN = 0.1


class FileLock:
    """Held while one thread is inside; others wait, and give up after `patience` seconds.

    A waiter stands in the turn file first, so that a busy holder cannot come round again
    before it. flock belongs to the open file: a crash of its process sets it free.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._lock = open_lock(path)
        self._turn = open_lock(path.with_name(f"{path.name}.turn"))

    def __enter__(self) -> None:
        self.take()

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        self.release()

    def take(self, *, unless: Callable[[], bool] = lambda: False) -> None:
        """Take it, and tell for whom that waits.

        Raises:
            StorageUnavailable: somebody holds it for too long, or `unless` came true.
            StoreLost: it is the lock of the store no more.
        """
        began = time.monotonic()
        if self.try_for(min(_TURN_SECONDS, self._patience)):
            return
        told = False
        while not self._polled(self._lock, _LOOK_AGAIN):
            waited = time.monotonic() - began
            if unless():
                raise StorageUnavailable("the store is closed")
            if waited > self._patience:
                raise self._given_up()
            if waited > _TOLD_AFTER and not told:
                told = True
                self._tell()
        self._check()

    def try_for(self, seconds: float) -> bool:
        """Take it in its turn, if that is possible within so many seconds. Raises StoreLost."""
        began = time.monotonic()
        if not self._polled(self._turn, seconds):
            return False
        try:
            if not self._polled(self._lock, seconds - (time.monotonic() - began)):
                return False
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)
        self._check()
        return True

    def release(self) -> None:
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    @property
    def intact(self) -> bool:
        """Whether this process still has the file that it opened."""
        return _is_ours(self._lock)

    def must_be_intact(self) -> None:
        """Raises StoreLost if user code has closed the file: its number may be another's."""
        if not self.intact:
            raise self._closed()

    def close(self) -> None:
        let_go(self._lock)
        let_go(self._turn)

    def _polled(self, descriptor: int, seconds: float) -> bool:
        # A blocking flock could not give up when its holder is stopped (Ctrl-Z).
        give_up = time.monotonic() + seconds
        pause = _FIRST_PAUSE
        try:
            while not try_lock(descriptor):
                if time.monotonic() > give_up:
                    return False
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        except OSError as error:
            if error.errno == errno.EBADF:
                raise self._closed() from None
            raise
        return True

    def _check(self) -> None:
        """What was locked must be the file that others lock too."""
        self.must_be_intact()
        if not os.fstat(self._lock).st_nlink:
            fcntl.flock(self._lock, fcntl.LOCK_UN)
            raise StoreLost(
                f"{self._path} was deleted while this program used the store, so nothing "
                "is recorded any more: start it again"
            )

    def _closed(self) -> StoreLost:
        return StoreLost(
            f"this program has closed files of Penstock, such as {self._path}, so "
            "nothing is recorded any more: close only descriptors that the program "
            "opened itself"
        )

    def _given_up(self) -> StorageUnavailable:
        holder = holder_of(self._lock)
        who = "another program" if holder is None else str(holder)
        advice = "" if holder is None else f": {holder.advice}"
        return StorageUnavailable(
            f"{who} has held {self._path} for {self._patience:.0f} s{advice}"
        )

    def _tell(self) -> None:
        holder = holder_of(self._lock)
        facts = {} if holder is None else holder.facts
        logger.warning("database.waiting", extra={"lock": str(self._path), **facts})


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
    _ours[descriptor] = _identity(descriptor)
    return descriptor


def let_go(descriptor: int) -> None:
    if _is_ours(descriptor):
        os.close(descriptor)
    _ours.pop(descriptor, None)


def _is_ours(descriptor: int) -> bool:
    """Whether it is still what was opened: user code may have closed it, and opened another."""
    try:
        return _ours.get(descriptor) == _identity(descriptor)
    except OSError:
        return False


def _identity(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino


def _let_all_go() -> None:
    for descriptor in list(_ours):
        let_go(descriptor)


_ours: dict[int, tuple[int, int]] = {}
os.register_at_fork(after_in_child=_let_all_go)
