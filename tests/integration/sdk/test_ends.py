"""A run never ends otherwise than its code did, and never stays open behind it."""

import asyncio
import functools
import threading
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, field_validator

from penstock import flow, task
from penstock.states import (
    AwaitingRetry,
    Cancelling,
    Failed,
    Paused,
    Pending,
    Running,
    Scheduled,
    State,
)

OPEN = (Scheduled, AwaitingRetry, Pending, Running, Cancelling, Paused)


@pytest.mark.parametrize("made", OPEN)
def test_no_run_can_end_in_a_state_that_is_not_final(
    recorded: Any, made: Callable[[], State[Any]]
) -> None:
    step = task(name="step")(made)

    @flow
    def pump() -> State[Any]:
        with pytest.raises(TypeError, match="cannot end"):
            step()
        return made()

    with pytest.raises(TypeError, match=f"a run cannot end as {made().name}: return Completed"):
        pump()
    run = recorded.newest()
    assert recorded.names_of_states(run.id)[-1] == "Failed"
    assert recorded.task_runs(run.id)["step-0"].state.name in ("", "Failed")


def through_a_plain_wrapper(fn: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(fn)
    def wrapper(*args: Any) -> Any:
        return fn(*args)

    return wrapper


async def leaks() -> None:
    raise ValueError("a leak")


@task
async def leaking_task() -> None:
    raise ValueError("a leak")


@pytest.mark.parametrize("decorated", [flow, task])
@pytest.mark.parametrize(
    "fn",
    [
        through_a_plain_wrapper(leaks),
        lambda: [leaks(), 1],
        lambda: {"later": leaking_task()},
    ],
)
def test_what_nobody_awaited_has_not_completed(
    recorded: Any, decorated: Any, fn: Callable[..., Any]
) -> None:
    run_it = decorated(name="pump")(fn)

    @flow
    def around() -> None:
        run_it()

    with pytest.raises(TypeError, match="pump returned a coroutine that was never awaited"):
        around()
    for run in recorded.flow_runs():
        assert recorded.names_of_states(run.id)[-1] == "Failed"


def test_an_async_flow_that_returns_what_still_runs_is_refused() -> None:
    @flow
    async def pump() -> Any:
        return asyncio.create_task(asyncio.sleep(30))

    async def main() -> None:
        with pytest.raises(TypeError, match="pump returned a Task that was never awaited"):
            await pump()

    asyncio.run(main())


class Awaited:
    async def __call__(self) -> None:
        raise ValueError("a leak")


@pytest.mark.parametrize(
    "fn", [Awaited(), functools.partial(leaks), functools.partial(Awaited()), leaking_task]
)
def test_what_is_declared_async_in_other_ways_is_awaited(recorded: Any, fn: Any) -> None:
    run_it = flow(name="pump")(fn)
    with pytest.raises(ValueError, match="a leak"):
        asyncio.run(run_it())
    assert recorded.names_of_states(recorded.newest().id)[-1] == "Failed"


class Valve(BaseModel):
    litres: int

    @field_validator("litres")
    @classmethod
    def check(cls, litres: int) -> int:
        raise {1: KeyError("no valve"), 2: RecursionError(), 3: SystemExit(3)}[litres]


def broken(_litres: int) -> int:
    raise OSError("no gauge")


@pytest.mark.parametrize(
    ("litres", "raised", "ended"),
    [
        (1, KeyError, "Failed"),
        (2, RecursionError, "Failed"),
        (3, SystemExit, "Crashed"),
    ],
)
def test_a_validator_that_raises_anything_ends_the_run(
    recorded: Any, litres: int, raised: type[BaseException], ended: str
) -> None:
    @flow
    def pump(valve: Valve) -> None:
        raise AssertionError

    given: Any = {"litres": litres}
    with pytest.raises(raised):
        pump(given)
    assert recorded.names_of_states(recorded.newest().id)[-1] == ended


def test_a_subflow_whose_validator_raises_fails(recorded: Any) -> None:
    @flow
    def inner(litres: Annotated[int, AfterValidator(broken)]) -> None:
        raise AssertionError

    @flow
    def outer() -> None:
        with pytest.raises(OSError, match="no gauge"):
            inner(1)

    outer()
    ends = {
        run.spec.flow_name: recorded.names_of_states(run.id)[-1] for run in recorded.flow_runs()
    }
    assert ends == {"inner": "Failed", "outer": "Completed"}


class Runner:
    """Is copied for each run, which fails."""

    def duplicate(self) -> Any:
        raise RuntimeError("no threads")

    def start(self, work: Any) -> Any: ...
    def close(self) -> None: ...


def test_a_task_runner_that_cannot_begin_leaves_no_run_open(recorded: Any) -> None:
    @flow(task_runner=Runner())
    def pump() -> None:
        raise AssertionError

    with pytest.raises(RuntimeError, match="no threads"):
        pump()
    assert all(recorded.names_of_states(run.id)[-1] == "Failed" for run in recorded.flow_runs())


class Silent(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize("message", [ValueError("a leak"), 17, Silent(), [1, "two"]])
def test_a_state_may_say_anything_and_its_run_still_ends(recorded: Any, message: Any) -> None:
    ended = threading.Event()

    @task
    def step() -> State[Any]:
        return Failed(name="Leak", message=message)

    @flow
    def pump() -> Any:
        state: Any = step(return_state=True)
        assert isinstance(state.message, str)
        ended.set()
        return Failed(message=message)

    state: Any = pump(return_state=True)
    assert ended.is_set()
    assert state.is_failed()
    run = recorded.newest()
    assert recorded.names_of_states(run.id)[-1] == "Failed"
    assert recorded.task_runs(run.id)["step-0"].state.name == "Leak"
