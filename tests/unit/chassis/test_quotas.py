from datetime import timedelta

import pytest

from builders import NOON
from penstock.errors import QuotaExceeded
from penstockd.chassis.quotas import Measuring, Quota

pytestmark = pytest.mark.asyncio


class Kept:
    """What a store holds, and how often somebody looked at all of it."""

    def __init__(self, **used: int) -> None:
        self.used = used
        self.looks = 0

    async def measure(self) -> dict[str, int]:
        self.looks += 1
        return self.used


async def test_what_is_taken_counts_until_the_quota_is_reached() -> None:
    quota = Quota("quota_runs", 3, Kept().measure)
    quota.take("a", 2)
    quota.take("a")
    quota.take("b", 3)
    with pytest.raises(QuotaExceeded, match="quota_runs of 3") as told:
        quota.take("a")
    assert told.value.metadata == {"quota": "quota_runs"}


async def test_what_was_refused_does_not_count() -> None:
    quota = Quota("quota_log_bytes", 10, Kept().measure)
    with pytest.raises(QuotaExceeded):
        quota.take("a", 11)
    quota.take("a", 10)


async def test_measuring_finds_what_others_took_and_what_was_deleted() -> None:
    kept = Kept(a=9)
    quota = Quota("quota_runs", 10, kept.measure)
    assert await Measuring([quota]).tick(NOON) >= timedelta(minutes=1)
    quota.take("a", 2)
    await quota.measured()
    quota.take("a")
    with pytest.raises(QuotaExceeded):
        quota.take("a")
    kept.used = {}
    await quota.measured()
    quota.take("a", 10)


async def test_nobody_looks_at_everything_when_nothing_was_taken() -> None:
    kept = Kept(a=1)
    quota = Quota("quota_runs", 10, kept.measure)
    for _ in range(3):
        await quota.measured()
    assert kept.looks == 0
    quota.take("a")
    for _ in range(3):
        await quota.measured()
    assert kept.looks == 1


async def test_what_was_taken_still_counts_when_measuring_fails() -> None:
    async def away() -> dict[str, int]:
        raise OSError

    quota = Quota("quota_runs", 1, away)
    quota.take("a")
    with pytest.raises(OSError):
        await quota.measured()
    with pytest.raises(QuotaExceeded):
        quota.take("a")
