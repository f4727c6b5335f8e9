"""From a child's bytes to the lines of its log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LONGEST_LINE = 65_536
_NOTE_ROOM = 64
_NUL_SHOWN = "\N{SYMBOL FOR NULL}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    offset: int
    time: datetime
    level: int
    logger: str
    message: str

    @property
    def size(self) -> int:
        """About how many bytes it takes, in memory and on the wire."""
        text = self.message
        return 64 + (len(text) if text.isascii() else len(text.encode(errors="replace")))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogBatch:
    """Lines in order, without a gap; `last` when nothing follows."""

    lines: Sequence[LogLine]
    last: bool


class LineCutter:
    """Cuts a stream of bytes at its line ends; holds no more than one line's limit.

    Of a longer line the beginning is kept, with a note of how much was cut off.
    """

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._begun = bytearray()
        self._dropped = 0

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that end in these bytes, without their ends."""
        *whole, rest = data.split(b"\n")
        lines = []
        for piece in whole:
            self._keep(piece)
            lines.append(self._take())
        self._keep(rest)
        return lines

    def flush(self) -> list[str]:
        """Return what is left after the last line end, if there is anything."""
        return [self._take()] if self._begun or self._dropped else []

    def drop(self) -> int:
        """Forget what was begun; return how many bytes that were."""
        dropped, self._dropped = self._dropped + len(self._begun), 0
        self._begun.clear()
        return dropped

    def _keep(self, piece: bytes) -> None:
        room = self._longest - len(self._begun)
        self._begun += piece[:room]
        self._dropped += max(0, len(piece) - room)

    def _take(self) -> str:
        # A line end of two bytes is one too.
        text = bytes(self._begun).removesuffix(b"\r").decode(errors="replace")
        dropped, self._dropped = self._dropped, 0
        self._begun.clear()
        return shortened(text.replace("\0", _NUL_SHOWN), self._longest, already=dropped)


def shortened(text: str, longest: int = LONGEST_LINE, *, already: int = 0) -> str:
    """Return the text in at most so many bytes of UTF-8; one that was cut says so."""
    data = text.encode(errors="replace")
    if len(data) <= longest and not already:
        return text
    kept = data[: longest - _NOTE_ROOM].decode(errors="ignore")
    cut = len(data) - len(kept.encode()) + already
    return f"{kept} [{cut} more bytes cut off]"


def truncation_note(size: int) -> str:
    """Return the line that stands for output beyond the budget of a run."""
    return f"truncated {size} bytes: this run has reached the size limit of its log"
