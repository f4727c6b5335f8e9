"""What the one who failed says about trying again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from penstock.exceptions import LONGEST_WAIT, NonRetryable, RetryAfter
from penstock.failures.causes import leaves_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAdvice:
    """Whether trying again can help, and how long to wait before it."""

    do_not_retry: bool = False
    retry_after: timedelta | None = None


def advice_of(error: BaseException) -> RetryAdvice:
    """Return what the exception says; of a group, what its most demanding member says."""
    members = leaves_of(error)
    if any(issubclass(type(each), NonRetryable) for each in members):
        return RetryAdvice(do_not_retry=True)
    waits = [_wait(each) for each in members if issubclass(type(each), RetryAfter)]
    return RetryAdvice(retry_after=max((it for it in waits if it is not None), default=None))


def _wait(error: BaseException) -> timedelta | None:
    try:
        wait = getattr(error, "retry_after", None)
    except Exception:  # noqa: BLE001 - a subclass makes of it what it likes
        return None
    if type(wait) is timedelta and timedelta() <= wait <= LONGEST_WAIT:
        return wait
    return None
