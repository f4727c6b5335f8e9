"""The one who failed may say that nothing helps, or that waiting does."""

import pickle
from datetime import timedelta
from typing import Any

import pytest

from penstock.exceptions import LONGEST_WAIT, NonRetryable, RetryAfter
from penstock.failures.failure import failure_of
from penstock.failures.retry_advice import RetryAdvice, advice_of


class RudeRetry(RetryAfter):
    @property
    def retry_after(self) -> Any:
        raise OSError

    @retry_after.setter
    def retry_after(self, wait: Any) -> None:
        raise OSError


def test_the_one_who_failed_says_that_it_is_final() -> None:
    class CardRefused(NonRetryable):
        pass

    assert failure_of(CardRefused("no")).do_not_retry
    assert not failure_of(caused_by(NonRetryable("no"))).do_not_retry
    assert failure_of(ExceptionGroup("all", [ValueError(), NonRetryable("no")])).do_not_retry


def test_the_one_who_failed_says_when_to_try_again() -> None:
    class Limited(RetryAfter):
        retry_after = timedelta(minutes=1)

    assert failure_of(RetryAfter("busy", after=30)).retry_after == timedelta(seconds=30)
    assert advice_of(RetryAfter("busy", after=0)).retry_after == timedelta()
    assert advice_of(RetryAfter("busy")) == RetryAdvice()
    assert advice_of(Limited()).retry_after == timedelta(minutes=1)
    assert advice_of(Limited("x", after=timedelta(days=2))).retry_after == timedelta(days=2)
    several = [RetryAfter(after=3), RetryAfter(after=5), ValueError()]
    assert advice_of(ExceptionGroup("all", several)).retry_after == timedelta(seconds=5)
    assert advice_of(ExceptionGroup("all", [*several, NonRetryable()])) == RetryAdvice(
        do_not_retry=True
    )


@pytest.mark.parametrize("wait", [-1, float("nan"), float("inf"), 1e300, timedelta(days=366)])
def test_a_wait_that_is_none_is_refused(wait: Any) -> None:
    with pytest.raises(ValueError, match="from 0 seconds to 365 days"):
        RetryAfter("busy", after=wait)


@pytest.mark.parametrize("wait", [None, 5, "5", -timedelta(1), LONGEST_WAIT + timedelta(1)])
def test_advice_that_is_none_is_not_followed(wait: Any) -> None:
    error = RetryAfter("busy")
    error.retry_after = wait
    assert advice_of(error) == RetryAdvice()
    assert advice_of(RudeRetry()) == RetryAdvice()


def test_advice_survives_a_pickle() -> None:
    read = pickle.loads(pickle.dumps(RetryAfter("busy", after=30)))
    assert (str(read), read.retry_after) == ("busy", timedelta(seconds=30))


def caused_by(cause: BaseException) -> BaseException:
    error = ValueError()
    error.__cause__ = cause
    return error
