"""What is kept of a value that a run returned: encoded, and put where others find it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from penstock.payloads.encoding import encode
from penstock.payloads.values import INLINE_LIMIT, CannotPickle, EncodedPayload


class Kept(NamedTuple):
    """What stands for a value in a run's record; without either of the two, it says why not."""

    payload: EncodedPayload | None = None
    result_id: str = ""
    why_not: str = ""


NOTHING_KEPT = Kept()


class Storage(Protocol):
    """Where encoded values go."""

    @property
    def limit(self) -> int | None:
        """How many bytes a value may take here."""

    async def put(self, value: EncodedPayload) -> Kept: ...


async def keep(value: object, storage: Storage) -> Kept:
    """Encode the value and store it; one that cannot be said, or is too large, is not kept."""
    try:
        encoded = encode(value, storage.limit)
    except CannotPickle as error:
        return Kept(why_not=str(error))
    if encoded is None:
        return Kept(why_not=f"it takes more than {storage.limit} bytes")
    return await storage.put(encoded)


class InJournal:
    """A value travels with the journal entry that tells of it."""

    limit = INLINE_LIMIT

    async def put(self, value: EncodedPayload) -> Kept:
        return Kept(payload=value)


IN_JOURNAL = InJournal()
