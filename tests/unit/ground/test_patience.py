"""What a service says of the time to come again is heeded, and said once."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import timedelta
from selectors import DefaultSelector
from typing import Any, TypeVar

import pytest

from penstock.errors import (
    InvalidArgument,
    Overloaded,
    PenstockError,
    QuotaExceeded,
    StorageFull,
    StorageUnavailable,
    Unavailable,
)
from penstock.ground.patience import FIRST_PATIENCE, PATIENCE, SPREAD, Patience

T = TypeVar("T")
NO_ROOM = [StorageFull("the disk is full"), Overloaded("busy"), QuotaExceeded("too many runs")]


class _Waiting(DefaultSelector):
    """Time goes on only while all wait."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.now += timeout or 0.0
        return super().select(0)


def in_no_time(work: Coroutine[Any, Any, T]) -> T:
    waiting = _Waiting()
    loop = asyncio.SelectorEventLoop(waiting)
    loop.time = lambda: waiting.now  # type: ignore[method-assign]
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


class Service:
    """Refuses with one error until so many seconds have passed; keeps when it was asked."""

    def __init__(self, error: PenstockError, until: float) -> None:
        self._error, self._until = error, until
        self.asked: list[float] = []

    async def call(self) -> str:
        now = asyncio.get_running_loop().time()
        self.asked.append(now)
        if now < self._until:
            raise self._error
        return "taken"

    @property
    def pauses(self) -> list[float]:
        return [b - a for a, b in zip(self.asked, self.asked[1:], strict=False)]


@pytest.mark.parametrize("error", NO_ROOM, ids=lambda it: it.reason)
def test_a_run_waits_for_room_as_long_as_it_takes(error: PenstockError) -> None:
    service = Service(error, until=3_600.0)
    assert in_no_time(Patience("state").without_end(service.call)) == "taken"


@pytest.mark.parametrize("error", NO_ROOM, ids=lambda it: it.reason)
def test_a_person_waits_for_room_even_if_the_service_was_never_heard(
    error: PenstockError,
) -> None:
    service = Service(error, until=PATIENCE - 1)
    assert in_no_time(Patience("state").for_a_while(service.call)) == "taken"


@pytest.mark.parametrize("error", NO_ROOM, ids=lambda it: it.reason)
def test_a_person_gives_up_in_the_end(error: PenstockError) -> None:
    service = Service(error, until=3_600.0)
    with pytest.raises(type(error)):
        in_no_time(Patience("state").for_a_while(service.call))
    assert PATIENCE <= service.asked[-1] <= 2 * PATIENCE


def told(error: PenstockError, seconds: float) -> PenstockError:
    error.retry_after = timedelta(seconds=seconds)
    return error


@pytest.mark.parametrize("kind", [StorageFull, QuotaExceeded, StorageUnavailable])
def test_nobody_comes_before_the_time_that_was_told_nor_all_at_once(
    kind: type[PenstockError],
) -> None:
    services = [Service(told(kind("not now"), 7.0), until=60.0) for _ in range(2)]
    for service in services:
        in_no_time(Patience("state").without_end(service.call))
        assert all(7.0 <= pause <= 7.0 * (1 + SPREAD) + 0.01 for pause in service.pauses)
    first, second = (service.asked for service in services)
    assert first != second


def test_an_address_at_which_nobody_ever_answered_is_given_up_soon() -> None:
    service = Service(Unavailable("nobody answers"), until=3_600.0)
    with pytest.raises(Unavailable):
        in_no_time(Patience("state").for_a_while(service.call))
    assert service.asked[-1] == pytest.approx(FIRST_PATIENCE)


def test_what_is_no_matter_of_time_is_raised_at_once() -> None:
    service = Service(InvalidArgument("no"), until=3_600.0)
    for way in (Patience("state").for_a_while, Patience("state").without_end):
        with pytest.raises(InvalidArgument):
            in_no_time(way(service.call))
    assert service.asked == [0.0, 0.0]


def test_a_person_hears_at_once_of_a_long_wait(caplog: pytest.LogCaptureFixture) -> None:
    service = Service(QuotaExceeded("too many runs"), until=20.0)
    with caplog.at_level(logging.WARNING, logger="penstock.connection"):
        in_no_time(Patience("state").for_a_while(service.call))
    assert caplog.messages == [
        "The state service does not accept requests at the moment (too many "
        "runs): trying again for a while",
        "The state service accepts requests again",
    ]
