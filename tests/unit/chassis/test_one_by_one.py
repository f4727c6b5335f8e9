"""One bad item costs the others nothing, and comes again after longer and longer."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from penstock.errors import FlowRunNotFound, StorageUnavailable
from penstockd.chassis.one_by_one import OneByOne

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)

pytestmark = pytest.mark.asyncio


class Work:
    def __init__(self, **failing: Exception) -> None:
        self.failing = failing
        self.tried: list[str] = []

    async def __call__(self, item: str) -> None:
        self.tried.append(item)
        if error := self.failing.get(item):
            raise error


async def test_the_others_have_their_turn(caplog: pytest.LogCaptureFixture) -> None:
    items, work = OneByOne[str]("busy"), Work(b=ValueError("odd"), c=FlowRunNotFound("none"))
    await items.each("abcd", work, NOON)
    assert work.tried == ["a", "b", "c", "d"]
    told = [(it.levelno, it.__dict__["item"], it.__dict__["failures"]) for it in caplog.records]
    assert told == [(logging.ERROR, "b", 1), (logging.WARNING, "c", 2)]
    assert (items.failures, items.resting) == (2, 2)


async def test_what_failed_rests_and_is_tried_again() -> None:
    items, work = OneByOne[str]("busy"), Work(a=ValueError("odd"))
    await items.each("ab", work, NOON)
    await items.each("ab", work, NOON)
    assert work.tried == ["a", "b", "b"]
    work.failing.clear()
    await items.each("ab", work, LATER)
    assert work.tried[3:] == ["a", "b"]
    assert items.resting == 0


async def test_what_is_dealt_with_otherwise_is_forgotten() -> None:
    items = OneByOne[str]("busy")
    await items.each("a", Work(a=ValueError("odd")), NOON)
    await items.each("", Work(), NOON)
    assert items.resting == 1
    await items.each("", Work(), LATER)
    assert items.resting == 0


async def test_an_outage_is_raised_after_the_others_had_their_turn() -> None:
    items, work = OneByOne[str]("busy"), Work(a=StorageUnavailable("away"))
    with pytest.raises(StorageUnavailable):
        await items.each("abc", work, NOON)
    assert work.tried == ["a", "b", "c"]
    assert items.failures == 0


async def test_an_outage_that_goes_on_is_raised_at_once() -> None:
    away = StorageUnavailable("away")
    work = Work(a=away, b=away)
    with pytest.raises(StorageUnavailable):
        await OneByOne[str]("busy").each("abcd", work, NOON)
    assert work.tried == ["a", "b"]
