"""Garbage-collects contents that no row names, and abandoned uploads."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from penstockd.artifact.store.ports.content import ContentCatalog, ContentStore
from penstockd.artifact.usecases.collection import collect

logger = logging.getLogger(__name__)

INTERVAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    store: ContentStore
    catalog: ContentCatalog
    age: timedelta

    async def tick(self, now: datetime) -> timedelta:
        collected = await collect(self.store, self.catalog, before=now - self.age)
        if collected.contents or collected.uploads:
            logger.info(
                "content.collected",
                extra={"contents": collected.contents, "uploads": collected.uploads},
            )
        return INTERVAL
