"""Where bytes go while nobody knows yet how many there will be."""

from __future__ import annotations

from io import BytesIO
from typing import Any


class TooLong(Exception):
    """There are more bytes than were wanted."""


class BoundedSink(BytesIO):
    """Takes bytes up to a limit, so that nobody pickles a gigabyte only to discard it."""

    def __init__(self, limit: int | None) -> None:
        super().__init__()
        self._left = limit

    def write(self, data: Any) -> int:
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise TooLong
        return super().write(data)
