"""Keeps this process's leases: renews them, and hears when a run is to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from penstock.client.connection import Connection
from penstock.client.leases import SHORTEST_LIMIT, LeasePhase, Leases, Report
from penstock.client.wire.owned import Owned
from penstock.errors import PenstockError, WorkerSessionNotFound
from penstock.ground.cancelling import CancelToken
from penstock.ground.lasting_loggers import lasting_logger
from penstock.leases.renewer import Renewer

# Most runs are over before anybody could want to stop them.
FIRST_AFTER = 1.0
PAUSE_AFTER_FAILURE = 1.0

_logger = lasting_logger("penstock.leases")


class LiveRun(Protocol):
    """A run that goes on in this process, and what stops it."""

    @property
    def owned(self) -> Owned: ...
    @property
    def cancel(self) -> CancelToken: ...


class Keeper:
    """Renews all leases of one connection in one long poll, while there are any.

    Runs begin and end on any thread; they are added and dropped on the loop's thread alone, so
    that nothing here needs a lock. At most one renewal is under way. What changes meanwhile
    is told by the next one: a lease that it does not list yet has its own first deadline, and
    one that has ended may be listed once more, to which the server has an answer.
    """

    def __init__(self, connection: Connection) -> None:
        self._loop = connection.loop
        self._renewer = None if connection.embedded else Renewer(connection)
        self._leases = connection.part(Leases)
        self._runs: dict[str, LiveRun] = {}
        self._interval = 5.0
        self._task: asyncio.Task[None] | None = None
        self._parked: asyncio.Task[None] | None = None

    @contextmanager
    def keeping(self, live: LiveRun, interval: float) -> Iterator[None]:
        """Keep the run's lease while the block lasts."""
        self._loop.soon(lambda: self._add(live, interval))
        try:
            yield
        finally:
            # In the order of the calls, so a run is never added after it was dropped.
            self._loop.soon(lambda: self._drop(live))

    def _add(self, live: LiveRun, interval: float) -> None:
        self._runs[live.owned.lease.lease_id] = live
        self._interval = interval
        if self._renewer is not None:
            self._renewer.hold(live.owned.lease)
        if self._task is None or self._task.done():
            self._task = self._loop.loop.create_task(self._keep())
            if self._renewer is not None:
                self._renewer.start(interval)
        else:
            # The long poll under way does not list this lease yet.
            self._loop.loop.call_later(FIRST_AFTER, self._ask_again)

    def _drop(self, live: LiveRun) -> None:
        self._runs.pop(live.owned.lease.lease_id, None)
        if self._renewer is not None:
            self._renewer.drop(live.owned.lease)

    def _ask_again(self) -> None:
        # To cancel one that has its answer already does nothing; the loop of `_keep` asks anew.
        if self._parked is not None:
            self._parked.cancel()

    async def _keep(self) -> None:
        try:
            await asyncio.sleep(FIRST_AFTER)
            while self._runs:
                self._parked = asyncio.ensure_future(self._renew())
                # Not awaited itself: its cancelling must not look like that of this task.
                await asyncio.wait([self._parked])
                if not self._parked.cancelled() and (error := self._parked.exception()):
                    await self._failed(error)
        finally:
            if self._renewer is not None:
                self._renewer.stop()

    async def _renew(self) -> None:
        reports = [
            Report(
                live.owned.lease,
                LeasePhase.CANCELLING if live.cancel.cancelled else LeasePhase.RUNNING,
            )
            for live in self._runs.values()
        ]
        # A lease lives for three intervals: what is left after two is for a second connection.
        limit = max(2 * self._interval, SHORTEST_LIMIT)
        for verdict in await self._leases.renew(reports, wait=self._interval, limit=limit):
            # The run may have ended while the answer was on its way.
            live = self._runs.get(verdict.lease_id)
            if live is not None and (verdict.cancel or verdict.lost):
                live.cancel.cancel(verdict.message, lost=verdict.lost)
            if verdict.lost:
                self._runs.pop(verdict.lease_id, None)

    async def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PenstockError):
            raise error
        if isinstance(error, WorkerSessionNotFound):
            for live in self._runs.values():
                live.cancel.cancel("this process was taken for dead", lost=True)
            self._runs.clear()
            return
        _logger.debug("a renewal failed and is tried again: %s", error)
        await asyncio.sleep(PAUSE_AFTER_FAILURE)
