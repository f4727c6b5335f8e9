"""A loop's items, each on its own: one that fails does not hold the others up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from penstock.errors import Code, PenstockError
from penstockd.chassis.loops import pause_after, tell

K = TypeVar("K", bound=Hashable)

# What then fails is everybody's affair, and not the item's.
AWAY = frozenset({Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED, Code.DEADLINE_EXCEEDED})
MOST_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class _Rest:
    failures: int
    until: datetime


class OneByOne(Generic[K]):
    """Tells of each item that fails, counts it, and tries it again after longer and longer.

    An outage is not the items' fault: it is raised after the others had their turn, or at once
    when two items in a row met it.
    """

    def __init__(self, duty: str) -> None:
        self._duty = duty
        self._rests: dict[K, _Rest] = {}
        self.failures = 0

    @property
    def resting(self) -> int:
        """How many items failed: a query that finds the oldest finds these first."""
        return len(self._rests)

    async def each(
        self, items: Iterable[K], work: Callable[[K], Awaitable[object]], now: datetime
    ) -> None:
        """Raises the PenstockError of an outage."""
        found = list(items)
        self._forget(found, now)
        away: PenstockError | None = None
        in_a_row = 0
        for item in found:
            rest = self._rests.get(item)
            if rest is not None and now < rest.until:
                continue
            try:
                await work(item)
            except Exception as error:  # noqa: BLE001 - the edge of an item
                if isinstance(error, PenstockError) and error.code in AWAY:
                    away, in_a_row = error, in_a_row + 1
                    if in_a_row == MOST_IN_A_ROW:
                        break
                    continue
                self._note(item, error, now)
            else:
                self._rests.pop(item, None)
            in_a_row = 0
        if away is not None:
            raise away

    def _note(self, item: K, error: Exception, now: datetime) -> None:
        self.failures += 1
        before = self._rests.get(item)
        failures = before.failures + 1 if before else 1
        self._rests[item] = _Rest(failures, now + pause_after(failures))
        told = {"loop": self._duty, "item": str(item), "failures": self.failures}
        tell("loop.item_failed", error, told)

    def _forget(self, found: Iterable[K], now: datetime) -> None:
        """Items that are due and no longer found have been dealt with otherwise."""
        there = set(found)
        self._rests = {
            item: rest
            for item, rest in self._rests.items()
            if item in there or now < rest.until
        }
