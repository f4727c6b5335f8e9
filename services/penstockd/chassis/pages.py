"""Page tokens: where a list goes on, and for which question; and pages cut by their bytes."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TypeVar

from google.protobuf.message import Message

from penstock.errors import PageTokenInvalid

M = TypeVar("M", bound=Message)
_HASH_BYTES = 8
# Well below gRPC's limit of 4 MiB for a message.
LARGEST_PAGE = 3 * 1024 * 1024


def filter_hash(*parts: object) -> bytes:
    """Return what tells one question from another: give all that selects or sorts."""
    return sha256(repr(parts).encode()).digest()[:_HASH_BYTES]


def encode(filter_hash: bytes, key: str) -> str:
    """Return the token of the page after the item with this key."""
    return urlsafe_b64encode(filter_hash + key.encode()).decode()


def decode(filter_hash: bytes, token: str) -> str:
    """Return the key; "" for the first page. Raises PageTokenInvalid."""
    if not token:
        return ""
    try:
        data = urlsafe_b64decode(token.encode())
        key = data[_HASH_BYTES:].decode()
    except (Error, ValueError):
        data, key = b"", ""
    if not key or data[:_HASH_BYTES] != filter_hash:
        raise PageTokenInvalid(
            "the page token belongs to another list: start again from the first page"
        )
    return key


def fitting(items: Sequence[M]) -> Sequence[M]:
    """Return as many items as one message holds, at least one."""
    total = 0
    for count, item in enumerate(items):
        total += item.ByteSize()
        if total > LARGEST_PAGE and count:
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
