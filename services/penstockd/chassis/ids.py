"""Time-ordered ids."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RANDOM_BITS = 74

NewId = Callable[[], UUID]


def uuid7(at: datetime, randomness: int) -> UUID:
    """Return the UUIDv7 (RFC 9562) of a time and 74 random bits."""
    milliseconds = (at - EPOCH) // timedelta(milliseconds=1)
    high, low = divmod(randomness, 1 << 62)
    return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


def id_source(clock: Callable[[], datetime]) -> NewId:
    """Return a source of fresh ids, made at the clock's time from the system's randomness."""

    def new_id() -> UUID:
        randomness = int.from_bytes(os.urandom(10)) & ((1 << RANDOM_BITS) - 1)
        return uuid7(clock(), randomness)

    return new_id
