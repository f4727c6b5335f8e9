"""Times and durations round-trip, or are refused by the name of their field."""

from datetime import timedelta

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from penstock.errors import InvalidArgument
from penstockd.chassis.ids import EPOCH
from penstockd.chassis.wire.times import (
    LONGEST,
    LONGEST_DELAY,
    delay_from_proto,
    duration_from_proto,
    duration_to_proto,
    put_time,
    time_from_proto,
)

FIRST, LAST = 0, 253_370_764_799
BILLION = 1_000_000_000


@given(st.integers(0, (LAST + 1) * 1_000_000 - 1))
def test_a_time_within_the_window_round_trips(microseconds: int) -> None:
    time, stamp = EPOCH + timedelta(microseconds=microseconds), Timestamp()
    put_time(stamp, time)
    assert time_from_proto(stamp, "time") == time


@pytest.mark.parametrize(
    ("seconds", "nanos"),
    [
        (FIRST - 1, 0), (LAST + 1, 0), (-62_135_596_800, 0), (253_402_300_800, 0),
        ((1 << 63) - 1, 0), (-(1 << 63), 0), (5, -1), (5, BILLION), (FIRST, -BILLION),
        (LAST, (1 << 31) - 1),
    ],
)  # fmt: skip
def test_a_time_beyond_the_window_is_refused(seconds: int, nanos: int) -> None:
    with pytest.raises(InvalidArgument, match="1970-01-01 and 9998-12-31") as refused:
        time_from_proto(Timestamp(seconds=seconds, nanos=nanos), "lines.time")
    assert [it.field for it in refused.value.violations] == ["lines.time"]


@given(st.timedeltas(timedelta(0), LONGEST_DELAY))
def test_a_delay_round_trips(delay: timedelta) -> None:
    assert delay_from_proto(duration_to_proto(delay), "delay") == delay


@pytest.mark.parametrize(
    ("seconds", "nanos"),
    [
        (-1, 0), (0, -1), (1, -1), (366 * 86_400, 1_000), (366 * 86_400 + 1, 0),
        ((1 << 63) - 1, 0), (-(1 << 63), 0), (5, BILLION), (-5, -5),
    ],
)  # fmt: skip
def test_a_delay_beyond_its_bounds_is_refused(seconds: int, nanos: int) -> None:
    with pytest.raises(InvalidArgument, match="between 0 and 366 days") as refused:
        delay_from_proto(Duration(seconds=seconds, nanos=nanos), "delay")
    assert [it.field for it in refused.value.violations] == ["delay"]


def test_what_is_no_delay_may_last_a_hundred_years() -> None:
    assert duration_from_proto(duration_to_proto(LONGEST), "ttl") == LONGEST
    with pytest.raises(InvalidArgument, match="100 years"):
        duration_from_proto(Duration(seconds=LONGEST.days * 86_400 + 1), "ttl")
