"""Times and durations as messages carry them, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.type.v1.time_range_pb2 import TimeRange

_SECOND = 1_000_000_000


def timestamp(nanoseconds: int) -> Timestamp:
    """Return a moment that is given in nanoseconds since 1970."""
    stamp = Timestamp()
    write_timestamp(stamp, nanoseconds)
    return stamp


def write_timestamp(into: Timestamp, nanoseconds: int) -> None:
    """Set a moment that is given in nanoseconds since 1970."""
    into.seconds, into.nanos = divmod(nanoseconds, _SECOND)


def timestamp_of(time: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


def datetime_of(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)


def duration(seconds: float) -> Duration:
    return Duration(seconds=int(seconds), nanos=int(seconds % 1 * _SECOND))


def duration_of(delta: timedelta) -> Duration:
    message = Duration()
    message.FromTimedelta(delta)
    return message


def seconds_of(message: Duration) -> float:
    return float(message.seconds + message.nanos / _SECOND)


def time_range(start: datetime | None, end: datetime | None) -> TimeRange | None:
    """Return a span of time, open where a side is None; nothing if both are."""
    if start is None and end is None:
        return None
    return TimeRange(
        start=None if start is None else timestamp_of(start),
        end=None if end is None else timestamp_of(end),
    )
