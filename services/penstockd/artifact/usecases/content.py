"""What may be done with contents: bytes are durable before a row names them."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Protocol

from penstockd.artifact.rules.content import Content, ContentKey
from penstockd.artifact.store.ports.content import ContentCatalog, ContentStore
from penstockd.chassis.payload import ContentRef


class Allowance(Protocol):
    """What is given of a quota."""

    def take(self, namespace: str, amount: int = 1) -> None:
        """Count what is about to be kept. Raises QuotaExceeded."""


class Contents:
    def __init__(
        self,
        store: ContentStore,
        catalog: ContentCatalog,
        clock: Callable[[], datetime],
        allowance: Allowance,
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._allowance = allowance

    async def upload(
        self, namespace: str, ref: ContentRef, *, offset: int, chunk: bytes
    ) -> int:
        """Return how many bytes have arrived. Raises QuotaExceeded, and what the store does."""
        self._allowance.take(namespace, len(chunk))
        return await self._store.append(namespace, ref, offset=offset, chunk=chunk)

    async def commit(self, namespace: str, ref: ContentRef) -> Content:
        await self._store.keep(namespace, ref)
        content = Content(namespace=namespace, ref=ref, create_time=self._clock())
        return await self._catalog.add(content)

    async def get(self, namespace: str, sha256: bytes) -> Content:
        """Return what is there and whole. Raises ContentNotFound and ContentCorrupt."""
        content = await self._load(namespace, sha256)
        await self._store.check(namespace, content.ref)
        return content

    async def download(
        self, namespace: str, sha256: bytes, *, offset: int
    ) -> AsyncIterator[bytes]:
        content = await self._load(namespace, sha256)
        async for chunk in self._store.read(namespace, content.ref, offset=offset):
            yield chunk

    async def _load(self, namespace: str, sha256: bytes) -> Content:
        return await self._catalog.load(ContentKey(namespace=namespace, sha256=sha256))
