"""The file of a store, which must stay the one that this process has opened."""

import os
import sqlite3
import stat
from pathlib import Path

from penstock.errors import StorageUnavailable, StoreLost
from penstockd.database.sqlite_sql import connect


class StoreFile:
    """Programs that go on writing to a deleted file would lose it all without a word."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._log = f"{path}-wal"
        self._known: tuple[int, int] | None = None
        self._known_log: tuple[int, int] | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing is in it yet, or it is not there.

        Raises:
            StorageUnavailable: something else has its name.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return True
        if not stat.S_ISREG(found.st_mode):
            raise StorageUnavailable(
                "this is not a file: move it away, or set PENSTOCK_HOME to another folder"
            )
        return not found.st_size

    def connect(self, *, writer: bool) -> sqlite3.Connection:
        """Raises StoreLost if another file has its name by now."""
        found = _identity(self.path)
        if self._known is None:
            connection = connect(self.path, writer=writer)
            self._known = _identity(self.path)
            return connection
        if found != self._known:
            raise self._lost()
        if writer:
            # The last one to close the store has removed the log that was known before.
            self._known_log = None
        return connect(self.path, writer=writer)

    def check(self) -> None:
        """Say that what was just committed has been lost, if so. Raises StoreLost."""
        log = _identity(self._log)
        if self._known_log is None:
            self._known_log = log
        if log is None or log != self._known_log or _identity(self.path) != self._known:
            raise self._lost()

    def _lost(self) -> StoreLost:
        return StoreLost(
            f"the store {self.path} was deleted or replaced while this program used "
            "it, so nothing is recorded any more: start it again"
        )


def _identity(path: str | Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - twice as fast as Path's, after every commit
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
