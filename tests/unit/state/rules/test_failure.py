from datetime import timedelta
from typing import Any

import pytest

from penstockd.state.rules.failure import Failure, delay_before_retry
from penstockd.state.rules.run_spec import RetryPolicy

SECOND = timedelta(seconds=1)


def a_policy(**changes: Any) -> RetryPolicy:
    usual: dict[str, Any] = {"max_retries": 2, "retry_delays": (SECOND, 5 * SECOND)}
    return RetryPolicy(**usual | changes)


def delay(policy: RetryPolicy, failure: Failure | None = None, **how: Any) -> timedelta | None:
    return delay_before_retry(policy, failure, **{"attempt": 1, "randomness": 0.0, **how})


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 5), (3, 5), (9, 5), (10, None)])
def test_the_last_retry_delay_repeats_until_no_retry_is_left(
    attempt: int, seconds: int | None
) -> None:
    found = delay(a_policy(max_retries=9), attempt=attempt)
    assert found == (None if seconds is None else seconds * SECOND)


def test_a_retry_without_a_delay_comes_at_once() -> None:
    assert delay(a_policy(retry_delays=())) == timedelta(0)


def test_what_the_failure_says_goes_before_the_policy() -> None:
    assert delay(a_policy(), Failure(do_not_retry=True, retry_after=SECOND)) is None
    patient = Failure(retry_after=60 * SECOND)
    assert delay(a_policy(), patient) == 60 * SECOND
    assert delay(a_policy(max_retries=0), patient) is None
    assert delay(a_policy(), Failure(retry_after=timedelta(0))) == timedelta(0)


@pytest.mark.parametrize(
    ("policy", "error_type", "again"),
    [
        ({}, "builtins.ValueError", True),
        ({}, "", True),
        ({"retry_on": ("ValueError",)}, "builtins.ValueError", True),
        ({"retry_on": ("builtins.ValueError",)}, "builtins.ValueError", True),
        ({"retry_on": ("Error",)}, "builtins.ValueError", False),
        ({"retry_on": ("my.ValueError",)}, "builtins.ValueError", False),
        ({"retry_on": ("OSError", "ValueError")}, "ValueError", True),
        ({"retry_on": ("ValueError",)}, "", False),
        ({"no_retry_on": ("ValueError",)}, "builtins.ValueError", False),
        ({"no_retry_on": ("OSError",)}, "builtins.ValueError", True),
        ({"retry_on": ("ValueError",), "no_retry_on": ("ValueError",)}, "ValueError", False),
    ],
)
def test_a_policy_retries_after_the_errors_that_it_names(
    policy: dict[str, Any], error_type: str, again: bool
) -> None:
    found = delay(a_policy(**policy), Failure(error_type=error_type))
    assert (found is not None) == again


@pytest.mark.parametrize(("randomness", "seconds"), [(0.0, 10), (0.5, 12.5), (1.0, 15)])
def test_a_delay_is_made_longer_by_a_random_share_of_itself(
    randomness: float, seconds: float
) -> None:
    policy = a_policy(retry_delays=(10 * SECOND,), jitter_factor=0.5)
    assert delay(policy, randomness=randomness) == seconds * SECOND


def test_what_the_failure_asks_for_is_not_jittered() -> None:
    policy = a_policy(jitter_factor=10)
    assert delay(policy, Failure(retry_after=SECOND), randomness=1.0) == SECOND
