"""Heartbeats: a session and all its leases in one long poll."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from penstockd.state.rules.lease_report import (
    Held,
    LeaseVerdict,
    Report,
    is_settled,
    news,
    verdicts,
)
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import WorkerSession, renewed, time_left
from penstockd.state.store import Commits, Store, Transaction
from penstockd.state.usecases.lease_reports import missing_from, note_reports
from penstockd.state.usecases.notices import Notices
from penstockd.state.usecases.sources import Sources
from penstockd.state.usecases.worker_session import alive

# A busy store commits all the time, and most of it concerns other sessions.
LOOK_AGAIN = timedelta(milliseconds=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What one call says: all leases that the session holds."""

    namespace: str
    session_id: UUID
    reports: Sequence[Report]

    @property
    def lease_ids(self) -> list[UUID]:
        return [report.lease.lease_id for report in self.reports]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """`time_left`: how long the session lives from now without another renewal."""

    verdicts: Sequence[LeaseVerdict]
    time_left: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the store says; `told` when the call itself had news for it."""

    session: WorkerSession
    held: dict[UUID, Held]
    told: bool = False


class Renewals:
    def __init__(self, store: Store, sources: Sources, notices: Notices, terms: Terms) -> None:
        self._store = store
        self._sources = sources
        self._notices = notices
        self._terms = terms

    async def renew(self, renewal: Renewal, *, wait: timedelta) -> Renewed:
        """Return a verdict for each report, once one changes or the wait is over.

        Two calls of one session may overlap: each has its own bell, each judges the leases
        that it lists by what is committed, and an earlier one cannot take back what a later
        one acknowledged. Raises WorkerSessionNotFound.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + min(wait, self._terms.renew_interval).total_seconds()
        with self._notices.listening(renewal.session_id) as bell:
            # Bell and commit are taken before each look. What is committed before it, the
            # look sees; what is committed after it, rings: nothing falls in between.
            commit = self._store.commits.listen()
            seen = await self._hear(renewal)
            while not seen.told and _nothing_to_say(renewal, seen):
                parks = until - loop.time()
                if parks <= 0 or not await _heard(bell, self._store.commits, commit, parks):
                    break
                bell.clear()
                commit = self._store.commits.listen()
                seen = await self._look(renewal)
        left = time_left(seen.session, at=self._sources.clock(), terms=self._terms)
        told = verdicts(seen.held, renewal.reports, renewal.session_id)
        return Renewed(verdicts=told, time_left=left)

    async def _look(self, renewal: Renewal) -> _Seen:
        async def work(tx: Transaction) -> _Seen:
            session = await alive(tx, renewal.namespace, renewal.session_id)
            held = await tx.leases.held(renewal.namespace, renewal.lease_ids, lock=False)
            return _Seen(session=session, held=held)

        return await self._store.read(work)

    async def _hear(self, renewal: Renewal) -> _Seen:
        """Write what the reports tell, and the session if its time is due, if either is."""
        clock, terms = self._sources.clock, self._terms
        seen = await self._look(renewal)
        due = renewed(seen.session, at=clock(), terms=terms) is not None
        if not due and not news(seen.held, renewal.reports, renewal.session_id):
            return seen

        async def work(tx: Transaction) -> _Seen:
            session = await alive(tx, renewal.namespace, renewal.session_id, lock=True)
            at, reports, missing = clock(), renewal.reports, None
            if (longer := renewed(session, at=at, terms=terms)) is not None:
                await tx.worker_sessions.save(longer)
                session = longer
                missing = await missing_from(tx, session, reports, at=at, ttl=terms.ttl)
            changed = await note_reports(tx, session, reports, seen.held, missing)
            return _Seen(session=session, held=seen.held | changed, told=bool(changed))

        return await self._store.write(work)


def _nothing_to_say(renewal: Renewal, seen: _Seen) -> bool:
    return all(is_settled(seen.held, it, renewal.session_id) for it in renewal.reports)


async def _heard(
    bell: asyncio.Event, commits: Commits, commit: asyncio.Event, seconds: float
) -> bool:
    """Wait for the bell, or for news of any commit; False when the time is over.

    The bell rings in this process, for this session, and is answered at once. A commit may be
    another process's, or nobody's: it is looked after, but not more often than LOOK_AGAIN, and
    a bell that rings meanwhile cuts that short.
    """
    ringing = asyncio.ensure_future(bell.wait())
    committing = asyncio.ensure_future(commits.wait(commit, timedelta(seconds=seconds)))
    waits = {ringing, committing}
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if ringing.done():
            return True
        heard = committing.done() and committing.result()
        if heard:
            nap = min(LOOK_AGAIN.total_seconds(), seconds)
            await asyncio.wait({ringing}, timeout=nap)
        return heard
    finally:
        for wait in waits:
            wait.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*waits, return_exceptions=True)
