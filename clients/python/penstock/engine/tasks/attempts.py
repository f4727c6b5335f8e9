"""Whether a run that failed is tried again, and after how long."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import random

Delays = float | int | Sequence[float | int] | Callable[[int], Sequence[float | int]]
LONGEST_LIST = 50


def delays_of(retries: int, delay: Delays | None) -> tuple[float, ...]:
    """Return the waits before each retry; the last one repeats; none means at once.

    Raises:
        ValueError: there are more than 50 of them.
    """
    if delay is None:
        return ()
    if callable(delay):
        delay = delay(retries)
    waits = (delay,) if isinstance(delay, int | float) else tuple(delay)
    if len(waits) > LONGEST_LIST:
        raise ValueError(f"retry_delay_seconds has {len(waits)} values, at most 50 are allowed")
    return tuple(float(wait) for wait in waits)


def delay_before(retry: int, delays: Sequence[float]) -> float:
    """Return how long to wait before a retry, counted from 0."""
    return delays[min(retry, len(delays) - 1)] if delays else 0.0


def jittered(delay: float, factor: float | None, chance: Callable[[], float] = random) -> float:
    """Return a wait of about `delay`, drawn exponentially, at most `delay * (1 + factor)`."""
    if not factor or not delay:
        return delay
    upper = delay * (1 + factor)
    # The draw is cut to the range, so that its distribution keeps its shape up to there.
    share = chance() * (1 - math.exp(-upper / delay))
    return -delay * math.log1p(-share)
