"""Calls of tasks become task runs."""

import asyncio
import threading
from typing import Any

import pytest

from penstock import flow, task, unmapped
from penstock.annotations import allow_failure, quote
from penstock.client.wire.payloads import value_of
from penstock.exceptions import (
    MappingLengthMismatch,
    MappingMissingIterable,
    TaskRunTimeoutError,
    UpstreamFailed,
)
from penstock.runtime import task_run
from penstock.task_runners import ThreadPoolTaskRunner


def in_a_flow(body: Any, **options: Any) -> Any:
    """Run a function as a flow."""
    return flow(name="test", **options)(body)()


def test_a_task_call_is_recorded_with_its_result(recorded: Any) -> None:
    @task(tags=["math"])
    def add(left: int, right: int = 1) -> int:
        return left + right

    assert in_a_flow(lambda: add(1)) == 2
    run = recorded.task_runs(recorded.newest().id)["add-0"]
    assert (run.attempt, run.revision, list(run.tags)) == (1, 2, ["math"])
    assert value_of(run.result, run.result.inline) == 2


def test_equal_calls_are_told_apart_by_their_occurrence(recorded: Any) -> None:
    @task
    def add(left: int) -> int:
        return left

    in_a_flow(lambda: [add(1), add(1), add(2)])
    runs = recorded.task_runs(recorded.newest().id)
    steps = [runs[f"add-{number}"].step for number in range(3)]
    assert [step.occurrence for step in steps] == [0, 1, 0]
    assert steps[0].input_digest == steps[1].input_digest != steps[2].input_digest


def test_a_task_outside_a_flow_runs_and_is_not_recorded(recorded: Any) -> None:
    @task(retries=1)
    def second_time() -> int:
        if task_run.run_count == 1:
            raise ValueError
        return task_run.run_count  # type: ignore[no-any-return]

    assert second_time() == 2
    assert recorded.flow_runs() == []


def test_a_failed_task_is_tried_again_and_the_history_says_so(recorded: Any) -> None:
    attempts: list[int] = []

    @task(retries=2, retry_delay_seconds=[0.01, 0])
    def third_time() -> str:
        attempts.append(task_run.run_count)
        if len(attempts) < 3:
            raise ValueError("not yet")
        return "done"

    assert in_a_flow(third_time) == "done"
    assert attempts == [1, 2, 3]
    run = recorded.task_runs(recorded.newest().id)["third_time-0"]
    # Running, AwaitingRetry, Retrying, AwaitingRetry, Retrying, Completed.
    assert (run.attempt, run.revision) == (3, 6)
    assert not run.HasField("failure")


def test_a_task_that_keeps_failing_ends_failed(recorded: Any) -> None:
    @task(retries=1)
    def broken() -> None:
        raise ValueError("dry")

    with pytest.raises(ValueError, match="dry"):
        in_a_flow(broken)
    run = recorded.task_runs(recorded.newest().id)["broken-0"]
    assert run.state.message == "Task run encountered an exception: ValueError: dry"
    assert run.attempt == 2


def test_a_task_that_takes_too_long_is_timed_out(recorded: Any) -> None:
    @task(timeout_seconds=0.05)
    def slow() -> None:
        threading.Event().wait(10)

    with pytest.raises(TaskRunTimeoutError):
        in_a_flow(slow)
    assert recorded.task_runs(recorded.newest().id)["slow-0"].state.name == "TimedOut"


def test_a_submitted_task_that_takes_too_long_is_timed_out() -> None:
    @task(timeout_seconds=0.05)
    def slow() -> None:
        while True:
            pass

    def body() -> str:
        future = slow.submit()
        future.wait()
        return future.state.name

    assert in_a_flow(body) == "TimedOut"


def test_an_async_task_is_awaited_submitted_and_timed_out() -> None:
    @task
    async def double(number: int) -> int:
        return 2 * number

    @task(timeout_seconds=0.02)
    async def slow() -> None:
        await asyncio.sleep(10)

    def body() -> int:
        return double.submit(4).result()

    assert in_a_flow(body) == 8
    with pytest.raises(TaskRunTimeoutError):
        asyncio.run(slow())


def test_a_tasks_name_comes_from_its_template(recorded: Any) -> None:
    @task(task_run_name="add-{left}-to-{right}")
    def add(left: int, right: int = 3) -> int:
        return left + right

    in_a_flow(lambda: add(1))
    assert list(recorded.task_runs(recorded.newest().id)) == ["add-1-to-3"]


def test_a_task_called_in_a_task_knows_its_parent(recorded: Any) -> None:
    @task
    def inner() -> int:
        return 1

    @task
    def outer() -> int:
        return inner() + 1

    assert in_a_flow(outer) == 2
    runs = recorded.task_runs(recorded.newest().id)
    assert runs["inner-0"].parent_task_run_id == runs["outer-0"].id


def test_a_future_as_an_argument_is_resolved(recorded: Any) -> None:
    @task
    def one() -> int:
        return 1

    @task
    def total(numbers: dict[str, list[int]]) -> int:
        return sum(numbers["all"])

    def body() -> int:
        first = one.submit()
        return total.submit({"all": [first, 2]}).result()  # type: ignore[list-item]

    assert in_a_flow(body) == 3


def test_a_task_whose_upstream_failed_does_not_run(recorded: Any) -> None:
    entered = []

    @task
    def broken() -> None:
        raise ValueError("dry")

    @task
    def after(value: Any) -> None:
        entered.append(value)

    def body() -> None:
        after(broken.submit())

    with pytest.raises(UpstreamFailed, match="broken-0 ended Failed"):
        in_a_flow(body)
    assert not entered
    run = recorded.task_runs(recorded.newest().id)["after-0"]
    assert run.state.name == "UpstreamFailed"


def test_allow_failure_hands_over_the_exception() -> None:
    @task
    def broken() -> None:
        raise ValueError("dry")

    @task
    def told(value: Any) -> str:
        return repr(value)

    assert in_a_flow(lambda: told(allow_failure(broken.submit()))) == "ValueError('dry')"


def test_wait_for_orders_tasks_and_quote_hides_futures() -> None:
    order = []

    @task
    def step(name: str) -> None:
        order.append(name)

    @task
    def kind(value: Any) -> str:
        return type(value).__name__

    def body() -> str:
        first = step.submit("first")
        step.submit("second", wait_for=[first]).wait()
        return kind(quote(first))

    assert in_a_flow(body) == "PenstockFuture"
    assert order == ["first", "second"]


def test_map_calls_a_task_for_each_item() -> None:
    @task
    def power(number: int, exponent: int, signs: list[str]) -> tuple[int, int]:
        return number**exponent, len(signs)

    def body() -> list[Any]:
        return power.map([1, 2, 3], 2, signs=unmapped(["+", "-"])).result()

    assert in_a_flow(body) == [(1, 2), (4, 2), (9, 2)]


def test_map_needs_lists_of_one_length() -> None:
    @task
    def add(left: int, right: int) -> int:
        return left + right

    def uneven() -> None:
        add.map([1, 2], [1, 2, 3])

    def none() -> None:
        add.map(1, "23")  # type: ignore[arg-type]

    with pytest.raises(MappingLengthMismatch, match="0: 2, 1: 3"):
        in_a_flow(uneven)
    with pytest.raises(MappingMissingIterable):
        in_a_flow(none)
    assert in_a_flow(lambda: len(add.map([], 1))) == 0


def test_tasks_that_wait_for_tasks_do_not_deadlock_on_one_thread() -> None:
    @task
    def leaf(number: int) -> int:
        return number

    @task
    def branch() -> int:
        return sum(leaf.map([1, 2, 3]).result())

    runner = ThreadPoolTaskRunner(max_workers=1)
    assert in_a_flow(lambda: branch.submit().result(), task_runner=runner) == 6


def test_a_flow_waits_for_what_it_submitted_and_does_not_fail_by_it(recorded: Any) -> None:
    @task
    def broken() -> None:
        raise ValueError("dry")

    def body() -> int:
        broken.submit()
        return 1

    assert in_a_flow(body) == 1
    run = recorded.newest()
    assert recorded.task_runs(run.id)["broken-0"].state.message.endswith("ValueError: dry")
    assert recorded.names_of_states(run.id)[-1] == "Completed"


def test_a_returned_failed_future_fails_the_flow() -> None:
    @task
    def broken() -> None:
        raise ValueError("dry")

    @task
    def fine() -> int:
        return 5

    with pytest.raises(ValueError, match="dry"):
        in_a_flow(broken.submit)
    states = in_a_flow(lambda: [broken.submit(), fine.submit()])
    assert [state.is_failed() for state in states] == [True, False]
    assert in_a_flow(fine.submit).result() == 5
    assert in_a_flow(lambda: (broken.submit(), 5))[1] == 5
