"""Exponential backoff with full jitter before a failed call is retried."""

from datetime import timedelta

FIRST = timedelta(milliseconds=200)
LONGEST = timedelta(seconds=10)


def full_jitter(
    failures: int,
    randomness: float,
    *,
    first: timedelta = FIRST,
    longest: timedelta = LONGEST,
) -> timedelta:
    """Return a random part, from 0 to 1, of a delay that doubles with each failure in a row.

    Spread over the whole range, so that workers do not come back all at once.
    """
    doublings = min(max(failures - 1, 0), 32)
    return min(first * (1 << doublings), longest) * randomness
