"""Forgets old requests and changes, batch by batch."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

INTERVAL = timedelta(minutes=10)


class Memory(Protocol):
    async def forget(self, *, older_than: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    memory: Memory
    age: timedelta

    async def tick(self, now: datetime) -> timedelta:
        forgotten = await self.memory.forget(older_than=now - self.age)
        return timedelta(0) if forgotten else INTERVAL
