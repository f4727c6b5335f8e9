"""Forgets what nobody asks for any more: old answers, changes in the feed, and sessions."""

from datetime import datetime, timedelta

from penstockd.state.usecases.expiry import Expiry

SESSIONS = timedelta(days=1)
BUSY, IDLE = timedelta(seconds=1), timedelta(minutes=10)


class Retaining:
    def __init__(self, expiry: Expiry, *, requests: timedelta, changes: timedelta) -> None:
        self._expiry = expiry
        self._requests = requests
        self._changes = changes

    async def tick(self, now: datetime) -> timedelta:
        more = await self._expiry.forget(
            now, requests=self._requests, changes=self._changes, sessions=SESSIONS
        )
        return BUSY if more else IDLE
