"""The executor's peers, kept in memory: what they were told, and what they answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from penstock.errors import PenstockError
from penstockd.executor.peers import (
    LeaseVerdict,
    Manifest,
    Outcome,
    Poll,
    Report,
    Ruling,
    Terms,
)
from penstockd.executor.rules.log_line import LogLine
from penstockd.executor.rules.work import LeaseRef, Work


@dataclass(slots=True, kw_only=True)
class MemoryLogs:
    lines: list[LogLine] = field(default_factory=list)
    failures: list[PenstockError] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def append(self, flow_run_id: UUID, lease: LeaseRef, lines: Sequence[LogLine]) -> int:
        await self.open.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.lines += lines
        self.arrived.set()
        return lines[-1].offset

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
    polls: list[Poll] = field(default_factory=list)
    type: str = "process"
    asked_for_type: bool = False

    async def pool_type(self, work_pool: str) -> str:
        self.asked_for_type = True
        if self.refusals:
            raise self.refusals.pop(0)
        return self.type

    async def register(self, worker_id: UUID, manifest: Manifest) -> Terms:
        if self.refusals:
            raise self.refusals.pop(0)
        self.registered.append(worker_id)
        return Terms(ttl=timedelta(seconds=15), renew_interval=timedelta(milliseconds=300))

    async def acquire(self, poll: Poll) -> Sequence[Work]:
        self.polls.append(poll)
        if self.refusals:
            raise self.refusals.pop(0)
        return [await self.works.get()]


@dataclass(slots=True, kw_only=True)
class MemoryLeases:
    """Rules OK on every lease until it is told otherwise; a silent one tells of no run.

    The end of a poisonous lease meets a bug, and all that is told with it.
    """

    rulings: dict[UUID, Ruling] = field(default_factory=dict)
    reports: list[Sequence[Report]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    failures: list[PenstockError] = field(default_factory=list)
    ended: set[UUID] = field(default_factory=set)
    silent: bool = False
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
        return [
            LeaseVerdict(
                lease_id=report.lease.lease_id,
                ruling=self.rulings.get(report.lease.lease_id, Ruling.OK),
                message="",
                grace=None,
            )
            for report in reports
        ]

    async def complete(self, outcomes: Sequence[Outcome]) -> Sequence[UUID]:
        if self.failures:
            raise self.failures.pop(0)
        if self.poison & {outcome.lease.lease_id for outcome in outcomes}:
            raise PenstockError("a bug in the server")
        self.outcomes += outcomes
        return [outcome.lease.lease_id for outcome in outcomes]

    async def ended_by_itself(self, flow_run_id: UUID, fence: int) -> bool:
        if self.silent:
            await asyncio.Event().wait()
        return flow_run_id in self.ended

    async def close_session(self, session_id: UUID) -> None:
        self.closed.append(session_id)
