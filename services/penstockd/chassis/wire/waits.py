"""How long a parked call may wait: as it asks, and not past its deadline."""

from datetime import timedelta
from typing import Any

from penstockd.chassis.wire.times import delay_from_proto

# What is kept of the caller's deadline to answer in time.
RESERVE = timedelta(milliseconds=250)


def wait_of(request: Any, context: Any) -> timedelta:
    """Return the request's `wait`, shortened so that the answer comes before the deadline."""
    wait = delay_from_proto(request.wait, "wait")
    left: float | None = context.time_remaining()
    if left is None:
        return wait
    return max(timedelta(0), min(wait, timedelta(seconds=min(left, 3_600)) - RESERVE))
