"""Ends what is over in time, but not after a time in which the store could not be reached."""

from datetime import datetime, timedelta

from penstockd.chassis.one_by_one import OneByOne
from penstockd.state.usecases.expiry import Expiry

LONGEST_REST = timedelta(seconds=1)
# Ticks that lie further apart tell of a clock that jumped, or of a process or a store that
# stood still: renewals that were sent in time may only now be read.
LONGEST_GAP = timedelta(seconds=5)


class Expiring:
    """Sessions that end by time are spared until there was contact for a whole TTL.

    So are leases that their sessions left out. Nobody could renew while the store was away, or
    before this process served.
    """

    def __init__(self, expiry: Expiry, *, ttl: timedelta) -> None:
        self._expiry = expiry
        self._ttl = ttl
        self._duties = OneByOne[str]("state.expiry")
        self._since: datetime | None = None
        self._last: datetime | None = None

    async def tick(self, now: datetime) -> timedelta:
        since, self._since = self._since, None
        late = self._last is not None and now - self._last > min(LONGEST_GAP, self._ttl)
        since = now if since is None or late else since
        self._last = now
        expiry = self._expiry
        duties = [expiry.end_embedded_sessions, expiry.offer_again, expiry.end_cancels]
        if now - since >= self._ttl:
            duties += [expiry.end_sessions, expiry.take_back]
        by_name = {duty.__name__: duty for duty in duties}
        await self._duties.each(by_name, lambda name: by_name[name](now), now)
        # Only after all of it has reached the store.
        self._since = since
        return min(LONGEST_REST, self._ttl / 5)
