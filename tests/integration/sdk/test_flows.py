"""Calls of flows become flow runs."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from penstock import State, flow, get_run_logger, tags, task
from penstock.exceptions import FlowRunTimeoutError, ParameterBindError, ParameterTypeError
from penstock.runtime import flow_run
from penstock.states import Cancelled, Completed, Failed


def test_a_flow_returns_what_its_function_returns(recorded: Any) -> None:
    @flow
    def add_two(number: int) -> int:
        return number + 2

    assert add_two(5) == 7
    run = recorded.newest()
    assert (run.spec.flow_name, recorded.names_of_states(run.id)) == (
        "add-two",
        ["Pending", "Running", "Completed"],
    )
    assert recorded.result(run.result_id) == 7


def test_a_flow_without_a_return_has_the_result_none(recorded: Any) -> None:
    @flow
    def nothing() -> None:
        pass

    nothing()
    assert recorded.result(recorded.newest().result_id) is None


def test_an_async_flow_is_awaited(recorded: Any) -> None:
    @task
    async def double(number: int) -> int:
        await asyncio.sleep(0)
        return 2 * number

    @flow
    async def doubled(numbers: list[int]) -> list[int]:
        return list(await asyncio.gather(*(double(number) for number in numbers)))

    assert asyncio.run(doubled([1, 2, 3])) == [2, 4, 6]
    assert len(recorded.task_runs(recorded.newest().id)) == 3


def test_return_state_gives_the_state_instead_of_raising() -> None:
    @flow
    def broken() -> None:
        raise ValueError("no")

    state: Any = broken(return_state=True)
    assert isinstance(state, State)
    assert state.is_failed()
    with pytest.raises(ValueError, match="no"):
        state.result()


def test_what_a_flow_raises_reaches_the_caller_and_the_record(recorded: Any) -> None:
    @flow
    def broken() -> None:
        raise ValueError("no water")

    with pytest.raises(ValueError, match="no water") as raised:
        broken()
    run = recorded.newest()
    assert run.state.message == "Flow run encountered an exception: ValueError: no water"
    files = [Path(frame.path).name for frame in raised.traceback]
    assert files[-1] == "test_flows.py"
    assert "flow_runs.py" not in files


def test_a_wrong_type_fails_the_run_and_the_function_is_not_entered(recorded: Any) -> None:
    entered = []

    @flow
    def count(number: int) -> None:
        entered.append(number)

    with pytest.raises(ParameterTypeError, match="number must be an integer"):
        count("many")  # type: ignore[call-overload]
    run = recorded.newest()
    assert not entered
    assert recorded.names_of_states(run.id) == ["Pending", "Failed"]
    assert run.state.message.startswith(
        "count() got invalid arguments: number must be an integer"
    )


def test_an_argument_is_converted_to_the_annotated_type() -> None:
    class Point(BaseModel):
        x: int

    @flow
    def total(number: int, point: Point, size: int = Field(default=3, ge=1)) -> int:
        return number + point.x + size

    assert total("5", {"x": 1}) == 9  # type: ignore[call-overload]
    with pytest.raises(ParameterTypeError, match=r"size must be 1 or greater"):
        total(1, Point(x=1), size=0)


def test_an_unknown_parameter_is_refused_before_a_run_exists(recorded: Any) -> None:
    @flow
    def count(number: int) -> None: ...

    with pytest.raises(ParameterBindError, match="has no parameter numbr"):
        count(numbr=1)  # type: ignore[call-overload]
    with pytest.raises(ParameterBindError, match="needs argument 'number'"):
        count()  # type: ignore[call-overload]
    assert recorded.flow_runs() == []


def test_a_mutable_default_is_fresh_in_every_call() -> None:
    @flow
    def collect(into: list[int] = []) -> int:  # noqa: B006
        into.append(1)
        return len(into)

    assert (collect(), collect()) == (1, 1)


def test_validation_can_be_left_out() -> None:
    @flow(validate_parameters=False)
    def kind(number: int) -> str:
        return type(number).__name__

    assert kind("5") == "str"  # type: ignore[call-overload]


def test_a_flow_is_retried_and_finished_tasks_are_not_run_again(recorded: Any) -> None:
    calls: list[str] = []

    @task
    def once(number: int) -> int:
        calls.append(f"once {number}")
        return number

    @flow(retries=1)
    def second_time_lucky() -> int:
        total = once(1) + once(1) + once(2)
        calls.append("flow")
        if len(calls) < 5:
            raise ValueError("not yet")
        return total

    assert second_time_lucky() == 4
    assert calls == ["once 1", "once 1", "once 2", "flow", "flow"]
    run = recorded.newest()
    assert run.attempt == 2
    assert recorded.names_of_states(run.id) == [
        "Pending",
        "Running",
        "AwaitingRetry",
        "Running",
        "Completed",
    ]


def test_a_flow_that_takes_too_long_is_timed_out(recorded: Any) -> None:
    @flow(timeout_seconds=0.05)
    def slow() -> None:
        while True:
            pass

    with pytest.raises(FlowRunTimeoutError):
        slow()
    state = recorded.newest().state
    assert (state.name, state.message) == (
        "TimedOut",
        "Flow run exceeded timeout of 0.05 second(s)",
    )


def test_an_async_flow_that_takes_too_long_is_timed_out(recorded: Any) -> None:
    @flow(timeout_seconds=0.05)
    async def slow() -> None:
        await asyncio.sleep(10)

    with pytest.raises(FlowRunTimeoutError):
        asyncio.run(slow())
    assert recorded.newest().state.name == "TimedOut"


@pytest.mark.parametrize(
    ("returned", "name"),
    [
        (Completed(name="Skipped"), "Skipped"),
        (Failed(message="I say so"), "Failed"),
        (Cancelled(), "Cancelled"),
    ],
)
def test_a_state_of_the_users_making_counts_as_it_is(
    recorded: Any, returned: State[Any], name: str
) -> None:
    @flow
    def chosen() -> Any:
        return returned

    state: Any = chosen(return_state=True)
    assert (state.type, state.name) == (returned.type, name)
    assert recorded.names_of_states(recorded.newest().id)[-1] == name


def test_interrupting_a_flow_marks_it_crashed(recorded: Any) -> None:
    @flow
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert recorded.names_of_states(recorded.newest().id)[-1] == "Crashed"


def test_a_result_that_cannot_be_pickled_does_not_change_how_the_run_ends(
    recorded: Any,
) -> None:
    @flow
    def opens() -> Any:
        return (each for each in range(3))

    assert list(opens()) == [0, 1, 2]
    run = recorded.newest()
    assert (recorded.names_of_states(run.id)[-1], run.result_id) == ("Completed", "")
    assert any("generator object" in line for line in recorded.log(run.id))


def test_a_subflow_is_a_child_run_and_a_task_run_of_its_parent(recorded: Any) -> None:
    @flow
    def inner(number: int) -> int:
        return number + 1

    @flow
    def outer() -> int:
        return inner(1)

    assert outer() == 2
    runs = {run.spec.flow_name: run for run in recorded.flow_runs()}
    assert runs["inner"].parent_flow_run_id == runs["outer"].id
    assert runs["inner"].root_flow_run_id == runs["outer"].id
    tracking = recorded.task_runs(runs["outer"].id)["inner-0"]
    assert runs["inner"].parent_task_run_id == tracking.id
    assert tracking.state.state_type == runs["inner"].state.state_type


def test_a_subflow_that_fails_fails_its_parent_unless_its_state_is_asked_for() -> None:
    @flow
    def inner() -> None:
        raise ValueError("inner")

    @flow
    def outer(careful: bool) -> int:
        if careful:
            inner(return_state=True)
        else:
            inner()
        return 3

    assert outer(True) == 3
    with pytest.raises(ValueError, match="inner"):
        outer(False)


def test_tags_names_and_runtime_reach_the_run(recorded: Any) -> None:
    @flow(flow_run_name="run-{number}", version="v1")
    def known(number: int) -> tuple[str, str, int, dict[str, Any]]:
        return flow_run.name, flow_run.flow_version, flow_run.run_count, flow_run.parameters

    with tags("nightly"):
        assert known(7) == ("run-7", "v1", 1, {"number": 7})
    run = recorded.newest()
    assert (run.name, list(run.spec.tags)) == ("run-7", ["nightly"])
    assert flow_run.id is None


def test_logs_and_prints_are_kept_with_the_run(recorded: Any) -> None:
    @task
    def says() -> None:
        print("from the task")

    @flow(log_prints=True)
    def talks() -> None:
        get_run_logger().warning("from the %s", "logger")
        print("from", "print")
        says()

    talks()
    run = recorded.newest()
    lines = recorded.log(run.id)
    assert {"from the logger", "from print", "from the task"} <= set(lines)


def test_a_flow_can_be_a_method() -> None:
    class Plant:
        level = 3

        @flow
        def measure(self) -> int:
            return self.level

    assert Plant().measure() == 3
