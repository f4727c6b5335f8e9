"""Timestamp and Duration <-> aware UTC times and timedeltas, cut to microseconds.

What is read is within the bounds of the contract, so that whatever is reckoned from it has a
value too, and every store can hold it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from penstockd.chassis.ids import EPOCH
from penstockd.chassis.wire.fields import invalid

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
LONGEST_DELAY = timedelta(days=366)
# Of expirations and intervals.
LONGEST = timedelta(days=36_525)
_SECOND = timedelta(seconds=1)
_LAST_SECONDS = (END_OF_TIME - EPOCH) // _SECOND
_LONGEST_SECONDS = LONGEST // _SECOND
_NANOS = 1_000_000_000


def time_from_proto(stamp: Timestamp, field: str) -> datetime:
    """Raises InvalidArgument before 1970, and after 9998.

    By hand: a journal has thousands of these, and ToDatetime takes four times as long.
    """
    seconds, nanos = stamp.seconds, stamp.nanos
    if not (0 <= seconds < _LAST_SECONDS and 0 <= nanos < _NANOS):
        raise invalid(field, "must be a time between 1970-01-01 and 9998-12-31, in UTC")
    return EPOCH + timedelta(0, seconds, nanos // 1000)


def optional_time(message: Any, field: str, path: str = "") -> datetime | None:
    """Return a time that may be absent; `path` names the field in the request."""
    if not message.HasField(field):
        return None
    return time_from_proto(getattr(message, field), path or field)


def put_time(stamp: Timestamp, time: datetime | None) -> None:
    """Leave the field absent when there is no time."""
    if time is not None:
        stamp.seconds, stamp.nanos = (time - EPOCH) // _SECOND, time.microsecond * 1000


def duration_from_proto(duration: Duration, field: str) -> timedelta:
    """Return how long something is. Raises InvalidArgument beyond 0 to 100 years."""
    return _within(duration, field, LONGEST, "100 years")


def delay_from_proto(duration: Duration, field: str) -> timedelta:
    """Return how long somebody asks to wait. Raises InvalidArgument beyond 0 to 366 days."""
    return _within(duration, field, LONGEST_DELAY, "366 days")


def optional_delay(message: Any, field: str, path: str) -> timedelta | None:
    """Return a delay that may be absent; `path` names the field in the request."""
    return delay_from_proto(getattr(message, field), path) if message.HasField(field) else None


def optional_duration(message: Any, field: str) -> timedelta | None:
    if not message.HasField(field):
        return None
    return duration_from_proto(getattr(message, field), field)


def duration_to_proto(span: timedelta) -> Duration:
    duration = Duration()
    duration.FromTimedelta(span)
    return duration


def _within(duration: Duration, field: str, longest: timedelta, words: str) -> timedelta:
    seconds, nanos = duration.seconds, duration.nanos
    if 0 <= seconds <= _LONGEST_SECONDS and 0 <= nanos < _NANOS:
        span = timedelta(0, seconds, nanos // 1000)
        if span <= longest:
            return span
    raise invalid(field, f"must be between 0 and {words}")
