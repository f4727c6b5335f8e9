"""Garbage-collects contents that no row names, and abandoned uploads."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from penstockd.artifact.rules.content import ContentKey
from penstockd.artifact.store.ports.content import ContentCatalog, ContentStore
from penstockd.artifact.usecases.collection import collect
from penstockd.chassis.one_by_one import OneByOne

logger = logging.getLogger(__name__)

INTERVAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    store: ContentStore
    catalog: ContentCatalog
    age: timedelta
    one_by_one: OneByOne[ContentKey] = field(
        default_factory=lambda: OneByOne("artifact.collection")
    )

    async def tick(self, now: datetime) -> timedelta:
        collected = await collect(
            self.store, self.catalog, before=now - self.age, one_by_one=self.one_by_one
        )
        if collected.contents or collected.uploads:
            logger.info(
                "content.collected",
                extra={"contents": collected.contents, "uploads": collected.uploads},
            )
        return INTERVAL
