"""Whether a run that failed is tried again, and after how long."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import random


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
