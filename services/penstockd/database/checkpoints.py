"""When to move the write-ahead log into the store file: about every thousand pages."""

import logging
import sqlite3

logger = logging.getLogger(__name__)

_PAGES = 1000
_FEWEST, _MOST = 16, 4096


class Checkpoints:
    """To be called with the file lock held.

    Python's sqlite3 does not tell the length of the log, but a checkpoint does: so many
    commits made so many pages, which says when the next one is due.
    """

    def __init__(self) -> None:
        self._commits = 0
        self._due = _FEWEST

    def after_commit(self, connection: sqlite3.Connection) -> None:
        self._commits += 1
        if self._commits < self._due:
            return
        commits, self._commits = self._commits, 0
        try:
            # PASSIVE waits for nobody; when readers are in the way the next one finishes it.
            row = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error as error:
            # What was committed is safe in the log, and must not be told as lost.
            logger.warning("database.not_checkpointed", extra={"error": str(error)})
            return
        pages_per_commit = max(1.0, row[1] / commits)
        self._due = int(min(_MOST, max(_FEWEST, _PAGES / pages_per_commit)))
