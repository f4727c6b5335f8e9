"""What a namespace may have of something: measured now and then, and counted on in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from penstock.errors import QuotaExceeded

# Measuring looks at all that is kept, so it is done seldom, and not for nothing.
MEASURED_EVERY = timedelta(minutes=5)

Measure = Callable[[], Awaitable[Mapping[str, int]]]


class Quota:
    """`name` is the setting. Replicas see what others took at the next measuring."""

    def __init__(self, name: str, most: int, measure: Measure) -> None:
        self._name = name
        self._most = most
        self._measure = measure
        self._used: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()

    def take(self, namespace: str, amount: int = 1) -> None:
        """Count it, if there is so much left. Raises QuotaExceeded."""
        if self._used[namespace] + self._taken[namespace] + amount > self._most:
            raise QuotaExceeded(
                f"the namespace {namespace} has used its {self._name} of {self._most:,}: "
                "delete what is old, or ask for a higher quota",
                quota=self._name,
            )
        self._taken[namespace] += amount

    async def measured(self) -> None:
        """Look at what is there, if something was taken since the last time."""
        if not self._taken:
            return
        # What is taken while it measures may count twice until the next time.
        before, self._taken = self._taken, Counter()
        try:
            self._used = Counter(await self._measure())
        except BaseException:
            self._taken += before
            raise


class Measuring:
    """The loop that measures, one quota after the other."""

    def __init__(self, quotas: Sequence[Quota]) -> None:
        self._quotas = quotas

    async def tick(self, _now: datetime) -> timedelta:
        for quota in self._quotas:
            await quota.measured()
        return MEASURED_EVERY
