"""The executor's peers, kept in memory: what they were told, and what they answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from penstock.errors import PenstockError
from penstockd.executor.peers import (
    LeaseVerdict,
    Outcome,
    Poll,
    Registered,
    Report,
    Ruling,
)
from penstockd.executor.rules.log_line import LogBatch, LogLine
from penstockd.executor.rules.work import LeaseRef, Work


@dataclass(slots=True, kw_only=True)
class MemoryLogs:
    lines: list[LogLine] = field(default_factory=list)
    ended: list[LeaseRef] = field(default_factory=list)
    failures: list[PenstockError] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def append(self, work: Work, batch: LogBatch) -> int:
        await self.open.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.lines += batch.lines
        self.ended += [work.lease] * batch.last
        self.arrived.set()
        return self.lines[-1].offset if self.lines else 0

    async def holds(self, message: str) -> None:
        """Wait for a line."""
        while message not in self.messages:
            self.arrived.clear()
            await self.arrived.wait()

    @property
    def messages(self) -> list[str]:
        return [line.message for line in self.lines]


@dataclass(slots=True, kw_only=True)
class MemoryScheduler:
    """Hands out what is put into `works`; `refusals` are raised first."""

    works: asyncio.Queue[Work] = field(default_factory=asyncio.Queue)
    refusals: list[PenstockError] = field(default_factory=list)
    registered: list[UUID] = field(default_factory=list)
    held: list[Sequence[Report]] = field(default_factory=list)
    rulings: dict[UUID, Ruling] = field(default_factory=dict)
    polls: list[Poll] = field(default_factory=list)
    pool_type: str = "process"

    async def register(self, worker_id: UUID, held: Sequence[Report]) -> Registered:
        if self.refusals:
            raise self.refusals.pop(0)
        self.registered.append(worker_id)
        self.held.append(held)
        return Registered(
            pool_type=self.pool_type,
            renew_interval=timedelta(milliseconds=300),
            verdicts=verdicts(held, self.rulings),
        )

    async def acquire(self, poll: Poll) -> Sequence[Work]:
        self.polls.append(poll)
        if self.refusals:
            raise self.refusals.pop(0)
        return [await self.works.get()]


@dataclass(slots=True, kw_only=True)
class MemoryLeases:
    """Rules OK on every lease until it is told otherwise.

    The end of a poisonous lease meets a bug, and all that is told with it.
    """

    rulings: dict[UUID, Ruling] = field(default_factory=dict)
    reports: list[Sequence[Report]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    failures: list[PenstockError] = field(default_factory=list)
    poison: set[UUID] = field(default_factory=set)
    closed: list[UUID] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def last_reports(self) -> Sequence[Report]:
        return self.reports[-1] if self.reports else ()

    def rule(self, lease_id: UUID, ruling: Ruling) -> None:
        self.rulings[lease_id] = ruling
        self.changed.set()

    async def renew(
        self, session_id: UUID, reports: Sequence[Report], *, wait: timedelta
    ) -> Sequence[LeaseVerdict]:
        self.reports.append(reports)
        if self.failures:
            raise self.failures.pop(0)
        if wait:
            try:
                async with asyncio.timeout(wait.total_seconds()):
                    await self.changed.wait()
            except TimeoutError:
                pass
        self.changed.clear()
        return verdicts(reports, self.rulings)

    async def complete(self, outcomes: Sequence[Outcome]) -> Mapping[UUID, str]:
        if self.failures:
            raise self.failures.pop(0)
        if self.poison & {outcome.lease.lease_id for outcome in outcomes}:
            raise PenstockError("a bug in the server")
        self.outcomes += outcomes
        return {outcome.lease.lease_id: "Completed" for outcome in outcomes}

    async def close_session(self, session_id: UUID) -> None:
        self.closed.append(session_id)


def verdicts(
    reports: Sequence[Report], rulings: Mapping[UUID, Ruling]
) -> Sequence[LeaseVerdict]:
    return [
        LeaseVerdict(
            lease_id=report.lease.lease_id,
            ruling=rulings.get(report.lease.lease_id, Ruling.OK),
            message="",
            grace=None,
        )
        for report in reports
    ]
