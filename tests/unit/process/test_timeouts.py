"""A block that takes too long is interrupted, also in a program that sets alarms of its own."""

import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from penstock.process.timeouts import CallTimedOut, interrupted_after

FAR = 60.0


@pytest.fixture(autouse=True)
def alarm() -> Iterator[list[float]]:
    rung: list[float] = []
    # The suite has an alarm of its own.
    left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(time.monotonic()))
    yield rung
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
    signal.setitimer(signal.ITIMER_REAL, left)


def spin(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.005)


def test_an_alarm_of_the_users_does_not_take_the_place_of_a_time_out(alarm: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    began = time.monotonic()
    with pytest.raises(CallTimedOut), interrupted_after(0.2):
        spin(5)
    assert len(alarm) == 1
    assert time.monotonic() - began < 2


def test_an_alarm_that_comes_later_still_comes(alarm: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    with pytest.raises(CallTimedOut), interrupted_after(0.05):
        spin(5)
    assert alarm == []
    spin(0.5)
    assert len(alarm) == 1


def test_an_alarm_that_repeats_goes_on_repeating(alarm: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    with interrupted_after(FAR):
        spin(0.3)
    inside = len(alarm)
    assert inside >= 3
    spin(0.3)
    assert len(alarm) >= inside + 3


def test_a_handler_may_set_its_alarm_anew() -> None:
    rung = []

    def handler(*_: Any) -> None:
        rung.append(1)
        signal.setitimer(signal.ITIMER_REAL, 0.03)

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.03)
    with pytest.raises(CallTimedOut), interrupted_after(0.3):
        spin(5)
    assert len(rung) >= 3


def test_what_a_handler_raises_ends_the_block() -> None:
    def handler(*_: Any) -> None:
        raise KeyError("theirs")

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    with pytest.raises(KeyError, match="theirs"), interrupted_after(FAR):
        spin(5)
    assert signal.getsignal(signal.SIGALRM) is handler


@pytest.mark.parametrize(("outer", "inner"), [(0.1, FAR), (0.1, 0.1), (FAR, 0.1)])
def test_of_two_blocks_the_first_time_out_ends_its_own(outer: float, inner: float) -> None:
    ended: list[str] = []
    try:
        with interrupted_after(outer):
            try:
                with interrupted_after(inner):
                    spin(5)
            except CallTimedOut:
                ended.append("inner")
    except CallTimedOut:
        ended.append("outer")
    assert ended == ["inner" if inner < outer else "outer"]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_alarm_that_is_set_inside_is_left_alone(alarm: Any) -> None:
    with interrupted_after(FAR):
        signal.signal(signal.SIGALRM, lambda *_: alarm.append(0.0))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
    spin(0.3)
    assert alarm == [0.0]


def test_another_thread_is_interrupted_too() -> None:
    ended: list[str] = []

    def work() -> None:
        try:
            with interrupted_after(0.05):
                spin(5)
        except CallTimedOut:
            ended.append("timed out")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(4)
    assert ended == ["timed out"]
