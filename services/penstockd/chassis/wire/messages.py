"""Messages as bytes that compare, and lists of messages cut to what one message holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

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
        size = item.ByteSize()
        total += size if size <= LARGEST_LIST else fitted(item).ByteSize()
        if total > LARGEST_LIST and count:
            return items[:count]
    return items


def fitted(item: M) -> M:
    """Leave the largest fields out of an item that no message holds; it says which."""
    whole: Any = item
    while item.ByteSize() > LARGEST_LIST and hasattr(whole, "left_out"):
        holder, path = whole, ""
        while True:
            field = _largest_field(holder)
            path += field.name
            if field.message_type is None or field.is_repeated:
                break
            holder, path = getattr(holder, field.name), f"{path}."
        holder.ClearField(field.name)
        whole.left_out.append(path)
    return item


def parts(items: Sequence[M]) -> Iterator[tuple[bool, Sequence[M]]]:
    """Cut into messages, at least one; each comes with whether it is the last."""
    rest = items
    while True:
        part = fitting(rest)
        rest = rest[len(part) :]
        yield not rest, part
        if not rest:
            return


def _largest_field(message: Any) -> Any:
    def size(field: Any) -> int:
        alone = type(message)()
        alone.CopyFrom(message)
        for other, _ in message.ListFields():
            if other.name != field.name:
                alone.ClearField(other.name)
        return int(alone.ByteSize())

    return max((field for field, _ in message.ListFields()), key=size)
