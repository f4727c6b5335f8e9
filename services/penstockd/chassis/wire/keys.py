"""Keys as text and back: what page tokens and cursors are made of.

They come from callers, who may send anything: only what a key writes itself is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from penstockd.chassis.ids import EPOCH
from penstockd.chassis.wire.times import END_OF_TIME

K = TypeVar("K")
A = TypeVar("A")
B = TypeVar("B")
_MOST = (1 << 63) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Generic[K]):
    """What items are sorted by, as text and back.

    `read` may take texts that `write` does not make; for others it raises ValueError.
    """

    write: Callable[[K], str]
    read: Callable[[str], K]

    def exactly(self, text: str) -> K:
        """Return what was written as this text, and as no other. Raises ValueError."""
        # Readers are lenient: numbers may have spaces around them, and ids braces.
        key = self.read(text)
        if self.write(key) != text:
            raise ValueError(text)
        return key


def pair(first: Key[A], second: Key[B]) -> Key[tuple[A, B]]:
    """The key of a list that is sorted by two things."""

    def write(both: tuple[A, B]) -> str:
        text = first.write(both[0])
        return f"{len(text)}:{text}{second.write(both[1])}"

    def read(text: str) -> tuple[A, B]:
        length, _, both = text.partition(":")
        cut = int(length)
        return first.read(both[:cut]), second.read(both[cut:])

    return Key(write=write, read=read)


def _text(text: str) -> str:
    # PostgreSQL has no NUL, and no key is empty.
    if not text or "\x00" in text:
        raise ValueError(text)
    return text


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _MOST:
        raise ValueError(text)
    return number


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    # As the contract bounds every time, so that each store can compare with it.
    if time.utcoffset() != timedelta(0) or not EPOCH <= time < END_OF_TIME:
        raise ValueError(text)
    return time


TEXT = Key(write=str, read=_text)
NUMBER = Key(write=str, read=_number)
ID = Key(write=str, read=UUID)
TIME = Key(write=lambda time: time.astimezone(UTC).isoformat(), read=_time)
