"""Garbage collection: contents that no row names, and idle uploads."""

from dataclasses import dataclass
from datetime import datetime

from penstockd.artifact.store.ports.content import ContentCatalog, ContentStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    contents: int
    uploads: int


async def collect(
    store: ContentStore, catalog: ContentCatalog, *, before: datetime
) -> Collected:
    """Delete what has been idle or unnamed since before that time.

    A commit renews the bytes before it adds their row, so that bytes which are still as old
    when they are to be deleted have no commit under way.
    """
    contents = 0
    async for keys in store.kept_before(before):
        for key in await catalog.unnamed(keys):
            contents += await store.forget(key, kept_before=before)
    uploads = await store.drop_uploads(idle_since=before)
    return Collected(contents=contents, uploads=uploads)
