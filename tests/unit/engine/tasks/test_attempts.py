"""A task is tried again as often, as late and as long as its options say."""

from typing import Any

import pytest

from penstock import State, task
from penstock.engine.tasks.attempts import jittered
from penstock.states import Failed


def test_a_condition_can_end_retrying() -> None:
    attempts = []

    def unless_value_error(_task: Any, _run: Any, state: State[Any]) -> bool:
        return not isinstance(state.data, ValueError)

    @task(retries=5, retry_condition_fn=unless_value_error)
    def broken() -> None:
        attempts.append(1)
        raise ValueError if len(attempts) == 2 else KeyError

    with pytest.raises(ValueError):
        broken()
    assert len(attempts) == 2


def test_a_jittered_delay_stays_below_its_bound() -> None:
    draws = [jittered(10, 0.5, iter([chance]).__next__) for chance in (0, 0.5, 0.999999)]
    assert draws == sorted(draws)
    assert draws[0] == 0
    assert 14.9 < draws[-1] <= 15


def test_a_failed_state_that_a_task_returns_is_retried_and_handed_over() -> None:
    attempts = []

    @task(retries=1)
    def declines() -> Any:
        attempts.append(1)
        return Failed(message="I decline")

    state = declines()
    assert (state.message, len(attempts)) == ("I decline", 2)
