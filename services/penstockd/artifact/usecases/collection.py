"""Garbage collection: contents that no row names, and idle uploads."""

from dataclasses import dataclass
from datetime import datetime

from penstockd.artifact.rules.content import ContentKey
from penstockd.artifact.store.ports.content import ContentCatalog, ContentStore
from penstockd.chassis.one_by_one import OneByOne


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    contents: int
    uploads: int


async def collect(
    store: ContentStore,
    catalog: ContentCatalog,
    *,
    before: datetime,
    one_by_one: OneByOne[ContentKey],
) -> Collected:
    """Delete what has been idle or unnamed since before that time.

    A commit renews the bytes before it adds their row, so that bytes which are still as old
    when they are to be deleted have no commit under way.
    """
    uploads = await store.drop_uploads(idle_since=before)
    forgotten: list[ContentKey] = []

    async def forget(key: ContentKey) -> None:
        if await store.forget(key, kept_before=before):
            forgotten.append(key)

    async for keys in store.kept_before(before):
        await one_by_one.each(await catalog.unnamed(keys), forget, before)
    return Collected(contents=len(forgotten), uploads=uploads)
