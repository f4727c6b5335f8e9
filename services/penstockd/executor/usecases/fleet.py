"""All children of this executor: its slots, and the reports of their leases."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from penstockd.executor.peers import LeaseVerdict, Outcome, Report, Ruling
from penstockd.executor.rules.stopping import Cause, Pace
from penstockd.executor.rules.work import Work
from penstockd.executor.usecases.supervision import Supervision

logger = logging.getLogger(__name__)

DRAINED = "the executor shuts down"
FAILED = "the executor failed while it watched the run"
CANCELLED = "the run was cancelled"
LOST = "the lease was lost"
SESSION_LOST = "the executor's session has ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paces:
    """How fast children are stopped, by cause."""

    token: timedelta = timedelta(seconds=5)
    grace: timedelta = timedelta(seconds=25)
    lost: timedelta = timedelta(milliseconds=500)
    drain: timedelta = timedelta(seconds=3)

    def cancel(self, grace: timedelta | None = None) -> Pace:
        """`grace` is five sixths of the time that there is; the token has the sixth before."""
        given = min(grace or self.grace, self.grace)
        token = min(given / 5, self.token)
        return Pace(token=True, terminate_after=token, kill_after=token + given)

    def of_lost(self) -> Pace:
        return Pace(token=False, terminate_after=timedelta(0), kill_after=self.lost)

    def of_drained(self) -> Pace:
        return Pace(token=False, terminate_after=timedelta(0), kill_after=self.drain)


@dataclass(slots=True, kw_only=True)
class _Berth:
    """The slot of one child: taken until it is gone and its outcome is acknowledged."""

    supervision: Supervision
    task: asyncio.Task[None] | None = None
    outcome: Outcome | None = None
    finished: bool = False
    listed: bool = True


class Fleet:
    """`news` is set when there is something to report, `ended` when something is over."""

    def __init__(
        self,
        supervise: Callable[[Work], Supervision],
        news: asyncio.Event,
        *,
        slots: int,
        paces: Paces,
    ) -> None:
        self.paces = paces
        self.news = news
        self.ended = Signal()
        self.draining = asyncio.Event()
        self._supervise = supervise
        self._slots = slots
        self._berths: dict[UUID, _Berth] = {}

    def __len__(self) -> int:
        return len(self._berths)

    @property
    def free(self) -> int:
        return 0 if self.draining.is_set() else self._slots - len(self._berths)

    def take(self, works: Iterable[Work]) -> None:
        """Start a child for each, but for those that are here already."""
        for work in works:
            lease_id = work.lease.lease_id
            if lease_id in self._berths:
                continue
            supervision = self._supervise(work)
            if self.draining.is_set():
                supervision.stop(Cause.DRAIN, DRAINED, self.paces.of_drained())
            berth = self._berths[lease_id] = _Berth(supervision=supervision)
            berth.task = asyncio.create_task(self._follow(lease_id, berth))
            self.news.set()

    def reports(self) -> Sequence[Report]:
        """Return how far each lease is that this executor still has."""
        return [
            Report(lease=berth.supervision.work.lease, phase=berth.supervision.phase)
            for berth in self._berths.values()
            if berth.listed
        ]

    def find(self, lease_id: UUID) -> Work | None:
        """Return what is executed under a lease, if it still is."""
        berth = self._berths.get(lease_id)
        return None if berth is None or berth.finished else berth.supervision.work

    def running(self) -> Sequence[UUID]:
        return [lease_id for lease_id, berth in self._berths.items() if not berth.finished]

    def stop(self, lease_id: UUID, cause: Cause, why: str, *, pace: Pace) -> None:
        berth = self._berths.get(lease_id)
        if berth is not None and not berth.finished:
            berth.supervision.stop(cause, why, pace)

    def obey(self, verdicts: Iterable[LeaseVerdict]) -> None:
        """Do what is ruled on leases that this executor reported."""
        for verdict in verdicts:
            match verdict.ruling:
                case Ruling.CANCEL:
                    pace = self.paces.cancel(verdict.grace)
                    why = verdict.message or CANCELLED
                    self.stop(verdict.lease_id, Cause.CANCEL, why, pace=pace)
                case Ruling.LOST:
                    self._lose(verdict.lease_id, verdict.message or LOST)

    def lose_all(self) -> None:
        """The session has ended, and every lease with it."""
        for lease_id in list(self._berths):
            self._lose(lease_id, SESSION_LOST)

    def outcomes(self, limit: int) -> Sequence[Outcome]:
        """Return what ended and was not told yet, the oldest first."""
        waiting = [berth.outcome for berth in self._berths.values() if berth.outcome]
        return waiting[:limit]

    def told(self, ends: Mapping[UUID, str]) -> None:
        """The end of these is known to state, and left their runs in states of these names."""
        for lease_id, state_name in ends.items():
            if berth := self._berths.get(lease_id):
                if berth.outcome is not None:
                    berth.supervision.tell_end(state_name)
                berth.outcome = None
                berth.listed = False
                self._settle(lease_id, berth)

    async def drain(self, *, grace: timedelta, within: timedelta) -> None:
        """Take nothing more, let what runs end for so long, then stop it and wait."""
        self.draining.set()
        for berth in list(self._berths.values()):
            if not berth.supervision.begun:
                berth.supervision.stop(Cause.DRAIN, DRAINED, self.paces.of_drained())
        await self._empty(grace)
        for lease_id in self.running():
            self.stop(lease_id, Cause.DRAIN, DRAINED, pace=self.paces.of_drained())
        await self._empty(self.paces.drain + within)

    def _lose(self, lease_id: UUID, why: str) -> None:
        """Report a lease no more, since it is over, and stop its child if it is still there."""
        if lease_id in self._berths:
            self._berths[lease_id].listed = False
            self.stop(lease_id, Cause.LOST, why, pace=self.paces.of_lost())

    async def _empty(self, within: timedelta) -> None:
        try:
            async with asyncio.timeout(within.total_seconds()):
                while self._berths:
                    await self.ended.wait()
        except TimeoutError:
            logger.info("executor.not_empty", extra={"executions": len(self._berths)})

    async def _follow(self, lease_id: UUID, berth: _Berth) -> None:
        def finish(outcome: Outcome | None) -> None:
            berth.outcome, berth.finished = outcome, True
            self.ended.tell()

        try:
            await berth.supervision.run(finish)
        except Exception:
            logger.exception("execution.failed", extra={"execution": str(lease_id)})
            if not berth.finished:
                finish(berth.supervision.failed(FAILED))
        finally:
            berth.task = None
            self._settle(lease_id, berth)

    def _settle(self, lease_id: UUID, berth: _Berth) -> None:
        if berth.task is None and berth.outcome is None:
            self._berths.pop(lease_id, None)
            self.ended.tell()


@dataclass(slots=True)
class Signal:
    """Wakes all current waiters; later ones wait for the next signal."""

    _event: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        await self._event.wait()
