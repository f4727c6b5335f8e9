"""What a value is on its way: bytes, how to read them, and which places of them mean more."""

from __future__ import annotations

from typing import NamedTuple

from penstock.exceptions import PenstockError

JSON = "application/json"
PICKLE = "application/x-cloudpickle"
# Bytes up to here travel inside messages; more are uploaded and named by their digest.
INLINE_LIMIT = 65_536
# What JSON readers of every language keep exactly.
LARGEST_NUMBER = 2**53
# What stands in place of a secret.
REDACTED = "**********"


class EncodedPayload(NamedTuple):
    """A value as bytes, and how to read them.

    Attributes:
        content_type: JSON or PICKLE.
        data: the bytes.
        integer_pointers: JSON Pointers (RFC 6901) of strings that are integers beyond 2^53.
        redacted_pointers: JSON Pointers of strings that stand in place of secrets.
    """

    content_type: str
    data: bytes
    integer_pointers: tuple[str, ...] = ()
    redacted_pointers: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many bytes it takes at most in a message that carries it whole."""
        pointers = (*self.integer_pointers, *self.redacted_pointers)
        # Before each pointer stand its field and its length.
        return len(self.data) + sum(5 + len(pointer.encode()) for pointer in pointers)


NONE = EncodedPayload(JSON, b"null")


class CannotPickle(PenstockError):
    """The value cannot be turned into bytes: return something that can, or a reference."""


class UnreadablePayload(PenstockError):
    """The bytes are not what they are said to be: whoever wrote them must write them anew."""
