"""Forgets old requests and changes, batch by batch."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

INTERVAL = timedelta(minutes=10)


class Memory(Protocol):
    async def forget(self, *, requests_before: datetime, changes_before: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Retaining:
    memory: Memory
    requests: timedelta
    changes: timedelta

    async def tick(self, now: datetime) -> timedelta:
        forgotten = await self.memory.forget(
            requests_before=now - self.requests, changes_before=now - self.changes
        )
        return timedelta(0) if forgotten else INTERVAL
