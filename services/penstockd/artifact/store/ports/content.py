"""Where bytes are kept, in a folder or an object store, and the list of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from penstockd.artifact.rules.content import Content, ContentKey
from penstockd.chassis.payload import ContentRef


class UnusableStore(Exception):
    """Waiting does not help; the text says what is in the way, and what to do."""


class ContentStore(Protocol):
    """Bytes by namespace and digest.

    What is kept is durable, whole and never changed. Every method may raise StorageFull or
    StorageUnavailable.
    """

    async def append(
        self, namespace: str, ref: ContentRef, *, offset: int, chunk: bytes
    ) -> int:
        """Add a chunk to an upload and return how many bytes have arrived.

        Raises UploadIncomplete, with `received_size`, and InvalidArgument.
        """

    async def keep(self, namespace: str, ref: ContentRef) -> None:
        """Check what was uploaded and keep it, durably; without an upload, find it kept.

        It then counts as new: `forget` lets it be. What was kept and is damaged is not found,
        but replaced by an upload. Raises UploadIncomplete and DigestMismatch; the latter drops
        the upload.
        """

    async def check(self, namespace: str, ref: ContentRef) -> None:
        """Look whether what is kept is whole. Raises ContentCorrupt.

        The digest is compared once in a process, and again after a reader met damage.
        """

    def read(self, namespace: str, ref: ContentRef, *, offset: int) -> AsyncIterator[bytes]:
        """Yield chunks of at most CHUNK_SIZE.

        Raises ContentCorrupt in place of the last chunk when the whole has another digest.
        """

    def kept_before(self, time: datetime) -> AsyncIterator[Sequence[ContentKey]]:
        """Yield batches of what was kept before that time."""

    async def forget(self, key: ContentKey, *, kept_before: datetime) -> bool:
        """Delete bytes unless they were kept again meanwhile; tell whether they are gone."""

    async def drop_uploads(self, *, idle_since: datetime) -> int:
        """Delete uploads that got no chunk since that time; return how many."""

    async def identity(self, fresh: UUID) -> UUID:
        """Return what it is called by all who share it; a new one takes the fresh id.

        Raises UnusableStore if something else is in its place.
        """

    async def lacking(self) -> str:
        """Return what keeps the store from working, in words, or nothing."""


class ContentCatalog(Protocol):
    """Which contents there are. A row exists only if its bytes are kept."""

    async def add(self, content: Content) -> Content:
        """Add the row, and return the one that is there: the first stays."""

    async def load(self, key: ContentKey) -> Content:
        """Return the content. Raises ContentNotFound."""

    async def unnamed(self, keys: Sequence[ContentKey]) -> Sequence[ContentKey]:
        """Return those that no row names."""

    async def bytes_by_namespace(self) -> Mapping[str, int]:
        """Return how many bytes each namespace has; it looks at everything."""
