"""What ended an attempt, and whether there is another one after it."""

from dataclasses import dataclass, field
from datetime import timedelta

from penstockd.state.rules.run_spec import RetryPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRecord:
    """A failure as messages that nobody reads here; `brief` is without stack and data."""

    brief: bytes = b""
    whole: bytes = b""


NO_FAILURE = FailureRecord()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What is decided by, and the record that is kept."""

    error_type: str = ""
    do_not_retry: bool = False
    retry_after: timedelta | None = None
    record: FailureRecord = field(default_factory=FailureRecord)


def delay_before_retry(
    policy: RetryPolicy, failure: Failure | None, *, attempt: int, randomness: float
) -> timedelta | None:
    """Return how long to wait after an attempt, from 1, that failed; None if it was the last.

    What the failure says goes before the policy. `randomness` is from 0 to 1.
    """
    if attempt > policy.max_retries:
        return None
    if failure is None:
        failure = Failure()
    if failure.do_not_retry or not _retries_after(policy, failure.error_type):
        return None
    if failure.retry_after is not None:
        return failure.retry_after
    return policy.delay(attempt) * (1 + policy.jitter_factor * randomness)


def _retries_after(policy: RetryPolicy, error_type: str) -> bool:
    if _is_among(error_type, policy.no_retry_on):
        return False
    return not policy.retry_on or _is_among(error_type, policy.retry_on)


def _is_among(error_type: str, names: tuple[str, ...]) -> bool:
    """A name is a whole one, `builtins.ValueError`, or the last part of one, `ValueError`."""
    return error_type in names or error_type.rpartition(".")[2] in names
