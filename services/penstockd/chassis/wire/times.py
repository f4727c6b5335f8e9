"""Timestamp and Duration <-> aware UTC times and timedeltas, cut to microseconds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from penstockd.chassis.ids import EPOCH
from penstockd.chassis.wire.fields import invalid

# As the contract bounds every delay.
LONGEST_DELAY = timedelta(days=366)
_SECOND = timedelta(seconds=1)


def time_from_proto(stamp: Timestamp, field: str) -> datetime:
    """Raises InvalidArgument for a year that Python has not.

    By hand: a journal has thousands of these, and ToDatetime takes four times as long.
    """
    try:
        return EPOCH + timedelta(0, stamp.seconds, stamp.nanos // 1000)
    except OverflowError:
        why = f"{stamp.seconds} s since 1970 is out of range"
        raise invalid(field, why) from None


def optional_time(message: Any, field: str) -> datetime | None:
    return time_from_proto(getattr(message, field), field) if message.HasField(field) else None


def put_time(stamp: Timestamp, time: datetime | None) -> None:
    """Leave the field absent when there is no time."""
    if time is not None:
        stamp.seconds, stamp.nanos = (time - EPOCH) // _SECOND, time.microsecond * 1000


def duration_from_proto(duration: Duration, field: str) -> timedelta:
    """Raises InvalidArgument for what a timedelta cannot hold."""
    try:
        return timedelta(seconds=duration.seconds, microseconds=duration.nanos // 1000)
    except OverflowError:
        raise invalid(field, f"{duration.seconds} s is out of range") from None


def delay_from_proto(duration: Duration, field: str) -> timedelta:
    """Return how long somebody asks to wait. Raises InvalidArgument beyond 0 to 366 days."""
    delay = duration_from_proto(duration, field)
    if not timedelta(0) <= delay <= LONGEST_DELAY:
        raise invalid(field, f"must be between 0 and {LONGEST_DELAY.days} days, and is {delay}")
    return delay


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
