"""Forgets answers and changes that nobody may ask for any more."""

from datetime import datetime, timedelta

from penstockd.scheduler.store import Store

KEPT = timedelta(hours=24)
PAUSE = timedelta(minutes=10)
BUSY_PAUSE = timedelta(seconds=1)
FULL = 1000


class Retaining:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def tick(self, now: datetime) -> timedelta:
        forgotten = await self._store.forget(older_than=now - KEPT)
        return BUSY_PAUSE if forgotten >= FULL else PAUSE
