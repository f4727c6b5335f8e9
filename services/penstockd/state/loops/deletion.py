"""Deletes the runs that were cancelled for it, once they have ended."""

from datetime import datetime, timedelta

from penstockd.state.usecases.deletion import Deletions

BUSY, IDLE = timedelta(0), timedelta(seconds=2)


class DeletionLoop:
    def __init__(self, deletions: Deletions) -> None:
        self._deletions = deletions

    async def tick(self, now: datetime) -> timedelta:  # noqa: ARG002 - as every loop
        return BUSY if await self._deletions.delete_ended() else IDLE
