from datetime import UTC, datetime, timedelta

from penstockd.chassis.clock import SteadyClock, system_clock

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_time_never_goes_backwards() -> None:
    told = iter([NOON, NOON, NOON - timedelta(hours=1), NOON + timedelta(seconds=1)])
    clock = SteadyClock(lambda: next(told))
    assert [clock(), clock(), clock()] == [NOON, NOON, NOON + timedelta(seconds=1)]


def test_the_system_clock_tells_aware_utc() -> None:
    assert system_clock()().tzinfo is UTC
