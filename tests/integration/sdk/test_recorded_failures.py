"""What ended an attempt is recorded beside its state, and its wish about another one counts."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from hanging import HANG_LIMIT
from penstock import flow, task
from penstock.client.wire.failures import error_of
from penstock.exceptions import NonRetryable, RetryAfter
from penstock.states import Failed


@task
def breaks(litres: int, password: Any = None) -> None:
    raise ValueError(f"dry after {litres}")


def test_a_failed_task_says_what_ended_it_and_what_it_was_given(recorded: Any) -> None:
    from pydantic import SecretStr

    @flow
    def pump() -> None:
        breaks(7, password=SecretStr("hunter2"))

    with pytest.raises(ValueError, match="dry"):
        pump()
    run = recorded.task_runs(recorded.newest().id)["breaks-0"]
    assert run.state.message == "Task run encountered an exception: ValueError: dry after 7"
    failure = run.failure
    assert failure.error_type.rpartition(".")[2] == "ValueError"
    assert (failure.message, failure.language) == ("dry after 7", "python")
    assert "test_recorded_failures.py" in failure.stack and "in breaks" in failure.stack
    assert "penstock/engine" not in failure.stack
    assert dict(failure.inputs) == {"litres": "7", "password": "**********"}
    assert b"hunter2" not in run.SerializeToString()
    error = error_of(failure)
    assert isinstance(error, ValueError) and str(error) == "dry after 7"


def test_the_failure_of_an_attempt_is_kept_until_the_next_one_ends(recorded: Any) -> None:
    seen: list[str] = []

    @task(retries=1, retry_delay_seconds=0.01)
    def second_time() -> None:
        if not seen:
            seen.append("failed")
            raise ValueError("not yet")

    @flow
    def pump() -> None:
        second_time()

    pump()
    run = recorded.task_runs(recorded.newest().id)["second_time-0"]
    assert not run.HasField("failure")


def test_the_failure_before_a_retry_is_recorded_with_its_wait(recorded: Any) -> None:
    seen: list[str] = []

    @task(retries=1, retry_delay_seconds=1)
    def later() -> None:
        if not seen:
            seen.append("failed")
            raise ValueError("not yet")

    @flow
    def pump() -> None:
        later()

    running = threading.Thread(target=pump)
    running.start()
    assert eventually(lambda: awaiting(recorded)).failure.message == "not yet"
    running.join(HANG_LIMIT)


def awaiting(recorded: Any) -> Any:
    for run in recorded.flow_runs():
        task_run = recorded.task_runs(run.id).get("later-0")
        if task_run is not None and task_run.state.name == "AwaitingRetry":
            return task_run
    return None


def eventually(look: Callable[[], Any]) -> Any:
    end = time.monotonic() + HANG_LIMIT
    while (seen := look()) is None:
        assert time.monotonic() < end
        time.sleep(0.02)
    return seen


def test_a_failed_flow_says_what_ended_it_and_what_led_to_it(recorded: Any) -> None:
    def draw() -> None:
        raise OSError("no water")

    @flow
    def pump() -> None:
        try:
            draw()
        except OSError as error:
            raise RuntimeError("the pump stands") from error

    with pytest.raises(RuntimeError):
        pump()
    failure = recorded.flow_run(recorded.newest().id).failure
    assert failure.message == "the pump stands"
    assert [cause.message for cause in failure.causes] == ["no water"]


def test_a_state_of_failure_without_an_exception_is_a_failure_too(recorded: Any) -> None:
    @flow
    def pump() -> Any:
        return Failed(message="by hand")

    assert pump(return_state=True).is_failed()
    run = recorded.flow_run(recorded.newest().id)
    assert run.failure.message == "by hand"


def test_a_flow_that_ends_well_has_no_failure(recorded: Any) -> None:
    @flow(retries=1)
    def pump(attempts: list[int]) -> None:
        attempts.append(1)
        if len(seen) < 1:
            seen.append(1)
            raise ValueError("not yet")

    seen: list[int] = []
    pump([])
    assert not recorded.flow_run(recorded.newest().id).HasField("failure")


@pytest.mark.parametrize("decorate", [task, flow], ids=["task", "flow"])
def test_what_says_that_it_is_final_is_not_tried_again(decorate: Any) -> None:
    attempts = []

    def refused() -> None:
        attempts.append(1)
        raise NonRetryable("the card was refused")

    called = decorate(retries=3)(refused)

    @flow
    def outer() -> None:
        called()

    with pytest.raises(NonRetryable):
        outer()
    assert len(attempts) == 1


@pytest.mark.parametrize("decorate", [task, flow], ids=["task", "flow"])
def test_what_says_how_long_to_wait_is_tried_again_then(decorate: Any) -> None:
    attempts = []

    def limited() -> None:
        attempts.append(time.monotonic())
        if len(attempts) == 1:
            raise RetryAfter("too many requests", after=0.3)

    called = decorate(retries=1, retry_delay_seconds=60)(limited)

    @flow
    def outer() -> None:
        called()

    outer()
    first, second = attempts
    assert 0.3 <= second - first < 60
