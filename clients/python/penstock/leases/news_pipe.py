"""A pipe to a process that does not read yet: who writes to it never waits."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import IO

WRITE_AGAIN = 0.1


class NewsPipe:
    """Keeps what the pipe has no room for, in order. Used by the loop's thread alone."""

    def __init__(self, file: IO[bytes], loop: asyncio.AbstractEventLoop) -> None:
        self._file, self._loop = file, loop
        self._unwritten = bytearray()
        self._again: asyncio.TimerHandle | None = None
        os.set_blocking(file.fileno(), False)

    def write(self, news: bytes) -> None:
        self._unwritten += news
        if self._again is None:
            self._flush()

    def close(self) -> None:
        """Close it, also if something is left: whoever reads it is not needed any more."""
        if self._again is not None:
            self._again.cancel()
        with suppress(OSError):
            self._file.close()

    def _flush(self) -> None:
        self._again = None
        try:
            # A full pipe takes nothing, and says None.
            del self._unwritten[: self._file.write(self._unwritten) or 0]
        except OSError:
            # Nobody reads any more, or user code has closed all descriptors.
            self._unwritten.clear()
        if self._unwritten:
            self._again = self._loop.call_later(WRITE_AGAIN, self._flush)
