from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from penstockd.chassis.clock import DecidingClock, moment, nanoseconds, system_clock

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = 1_000_000_000


class Machine:
    """What a machine shows: its clock, which people set, and one that nobody can set."""

    def __init__(self) -> None:
        self.shown, self.steady = NOON, 7 * SECOND
        self.clock = DecidingClock(nanoseconds(NOON), lambda: self.steady)

    def passes(self, seconds: float) -> datetime:
        self.shown += timedelta(seconds=seconds)
        self.steady += round(seconds * SECOND)
        return self.now()

    def now(self) -> datetime:
        return moment(self.clock.learn(nanoseconds(self.shown)))


def test_it_goes_on_by_itself_between_what_it_learns() -> None:
    machine = Machine()
    machine.steady += 3 * SECOND
    assert machine.clock() == NOON + timedelta(seconds=3)


def test_a_jump_forward_is_followed_at_once() -> None:
    machine = Machine()
    machine.shown += HOUR
    assert machine.now() == NOON + HOUR
    assert machine.passes(1) == NOON + HOUR + timedelta(seconds=1)


@pytest.mark.parametrize("back", [timedelta(seconds=1), HOUR, timedelta(days=9000)])
def test_a_jump_back_makes_no_term_longer_than_a_two_hundredth(back: timedelta) -> None:
    machine = Machine()
    machine.shown -= back
    assert machine.now() == NOON
    told = [machine.passes(0.01) for _ in range(1500)]
    assert all(later > earlier for earlier, later in pairwise(told))
    assert timedelta(seconds=14.925) <= told[-1] - NOON <= timedelta(seconds=15)


def test_after_a_jump_back_it_loses_time_until_it_shows_what_the_machine_shows() -> None:
    machine = Machine()
    machine.shown -= timedelta(seconds=3)
    machine.now()
    for _ in range(599):
        machine.passes(1)
    assert machine.now() > machine.shown
    machine.passes(1)
    assert machine.now() == machine.shown
    assert machine.passes(60) == machine.shown


def test_what_it_loses_is_not_more_than_it_was_ahead_even_if_it_learns_nothing_new() -> None:
    machine = Machine()
    machine.shown -= timedelta(seconds=1)
    machine.now()
    machine.steady += 1000 * SECOND
    assert machine.clock() == NOON + timedelta(seconds=999)


def test_a_moment_comes_back_from_a_number_to_the_microsecond() -> None:
    for microseconds in range(0, 1_000_000, 9_973):
        at = NOON + timedelta(microseconds=microseconds)
        assert moment(nanoseconds(at)) == at


def test_the_system_clock_tells_aware_utc() -> None:
    assert system_clock()().tzinfo is UTC
