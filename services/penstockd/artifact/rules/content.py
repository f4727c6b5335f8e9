"""What an upload may add, and what belongs to a content. Pure: no file, no database."""

from dataclasses import dataclass
from datetime import datetime

from penstockd.chassis.payload import ContentRef

CHUNK_SIZE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentKey:
    """Bytes are kept for each namespace by itself: a digest opens nothing in another one."""

    namespace: str
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    namespace: str
    ref: ContentRef
    create_time: datetime

    @property
    def key(self) -> ContentKey:
        return ContentKey(namespace=self.namespace, sha256=self.ref.sha256)


def known_of_chunk(*, received: int, offset: int, length: int) -> int | None:
    """Return how many bytes of a chunk have arrived already; None if it leaves a gap.

    A chunk that has arrived whole adds nothing, however often it comes.
    """
    if offset > received:
        return None
    return min(received - offset, length)
