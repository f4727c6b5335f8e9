"""How long to rest before a call is made again that failed."""

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
    """Return a part, from 0 to 1, of what doubles with each failure in a row.

    Spread over the whole range, so that workers do not come back all at once.
    """
    doublings = min(max(failures - 1, 0), 32)
    return min(first * (1 << doublings), longest) * randomness
