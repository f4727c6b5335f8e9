"""Messages as bytes that compare, and lists of messages cut to what one message holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from google.protobuf.message import Message

M = TypeVar("M", bound=Message)
# Well below gRPC's limit of 4 MiB for a message.
LARGEST_LIST = 3 * 1024 * 1024


def packed(message: Message) -> bytes:
    """Return the same bytes for equal messages."""
    return message.SerializeToString(deterministic=True)


def fitting(items: Sequence[M]) -> Sequence[M]:
    """Return as many items as one message holds, at least one."""
    total = 0
    for count, item in enumerate(items):
        total += item.ByteSize()
        if total > LARGEST_LIST and count:
            return items[:count]
    return items


def parts(items: Sequence[M]) -> Iterator[tuple[bool, Sequence[M]]]:
    """Cut into messages, at least one; each comes with whether it is the last."""
    rest = items
    while True:
        part = fitting(rest)
        rest = rest[len(part) :]
        yield not rest, part
        if not rest:
            return
