"""What a task can be made of, and how it is called outside a flow."""

from typing import Any

import pytest

from penstock import task
from penstock.exceptions import MissingContextError, UnsupportedKeyword
from penstock.tasks import exponential_backoff


def test_delays_are_numbers_lists_or_functions() -> None:
    assert exponential_backoff(2)(4) == [2, 4, 8, 16]

    @task(retries=3, retry_delay_seconds=exponential_backoff(1))
    def patient() -> None: ...

    assert patient.options.delays == (1.0, 2.0, 4.0)
    with pytest.raises(ValueError, match="51 values"):
        task(retry_delay_seconds=[1] * 51)(print)


def test_submit_works_in_a_flow_only() -> None:
    @task
    def one() -> int:
        return 1

    with pytest.raises(MissingContextError, match=r"one.submit\(\) works only inside a flow"):
        one.submit()


def test_an_option_that_is_not_supported_is_named() -> None:
    with pytest.raises(UnsupportedKeyword, match="@task does not support cache_policy"):
        task(cache_policy=None)(lambda: None)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="generators"):

        @task
        def stream() -> Any:
            yield 1


def test_a_task_can_be_a_method() -> None:
    class Plant:
        level = 3

        @task
        def measure(self, more: int) -> int:
            return self.level + more

    assert Plant().measure(1) == 4
