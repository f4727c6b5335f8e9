"""A flow that is tried again takes over what finished, and never the wrong thing."""

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr

from penstock import flow, task
from penstock.tasks import Task
from penstock.transactions import transaction


class Attempts:
    """Fails the first attempts of a flow, after what they did."""

    def __init__(self, failing: int = 1) -> None:
        self.left = failing

    @property
    def first(self) -> bool:
        return self.left > 0

    def fail(self) -> None:
        if self.first:
            self.left -= 1
            raise ValueError("a later step")


@dataclass
class Tank:
    litres: list[int] = field(default_factory=list)


def in_two_attempts(step: Callable[[], Any], use: Callable[[Any], Any]) -> Any:
    attempts = Attempts()

    @flow(retries=1)
    def pump() -> Any:
        used = use(step())
        attempts.fail()
        return used

    return pump()


def test_each_attempt_gets_what_a_step_returned_afresh() -> None:
    calls: list[str] = []

    def returns(make: Callable[[], Any]) -> Task[[], Any]:
        @task
        def step() -> Any:
            calls.append("step")
            return make()

        return step

    def grow(numbers: list[int]) -> list[int]:
        numbers.append(9)
        return numbers

    def fill(tank: Tank) -> list[int]:
        return grow(tank.litres)

    assert in_two_attempts(returns(lambda: iter([1, 2])), list) == [1, 2]
    assert in_two_attempts(returns(lambda: map(abs, [-1])), list) == [1]
    assert in_two_attempts(returns(lambda: [1]), grow) == [1, 9]
    assert in_two_attempts(returns(lambda: {"a": [1]}), lambda it: grow(it["a"])) == [1, 9]
    assert in_two_attempts(returns(Tank), fill) == [9]
    assert in_two_attempts(returns(lambda: [b"x" * 100_000]), len) == 1
    assert calls == ["step"] * 6


def test_a_subflows_result_is_given_afresh_too() -> None:
    calls: list[str] = []

    @flow
    def inner() -> list[int]:
        calls.append("inner")
        return [1]

    def grow(numbers: list[int]) -> list[int]:
        numbers.append(9)
        return numbers

    assert in_two_attempts(inner, grow) == [1, 9]
    assert calls == ["inner"]


def test_a_secret_is_taken_over_whole() -> None:
    @task
    def login() -> dict[str, SecretStr]:
        return {"password": SecretStr("hunter2")}

    got = in_two_attempts(login, lambda it: it["password"].get_secret_value())
    assert got == "hunter2"


@pytest.mark.parametrize(
    "make", [threading.Lock, lambda: (each for each in [1, 2]), lambda: memoryview(b"ab")]
)
def test_what_cannot_be_written_down_runs_again_and_that_is_said(
    recorded: Any, make: Callable[[], Any]
) -> None:
    calls: list[str] = []

    @task
    def step() -> Any:
        calls.append("step")
        return make()

    in_two_attempts(step, lambda _: None)
    assert calls == ["step", "step"]
    run = recorded.newest()
    runs = recorded.task_runs(run.id)
    assert "so step-0 runs again if the flow is retried" in runs["step-0"].state.message
    assert any("so step-0 runs again" in line for line in recorded.log(run.id))
    assert runs["step-1"].state.message == ""


class Proxy:
    """Answers every name by a call."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(*_: Any) -> Any:
            raise ConnectionError(name)

        return call


def test_a_proxy_that_a_task_returns_is_not_called() -> None:
    @task
    def connect() -> Proxy:
        return Proxy()

    assert in_two_attempts(connect, lambda proxy: proxy.calls) == []


class Source:
    def __init__(self, name: str) -> None:
        self.name = name

    @task
    def load(self, day: int) -> Any:
        return self.name, day


def made(name: str) -> Task[[int], Any]:
    @task
    def load(day: int) -> tuple[str, int]:
        return name, day

    return load


def scaled(by: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(fn)
        def wrapper(day: int) -> Any:
            return by, fn(day)

        return wrapper

    return decorate


def plain(name: str, day: int) -> tuple[str, int]:
    return name, day


def same(day: int) -> int:
    return day


def by_default(name: str) -> Task[..., Any]:
    @task
    def load(day: int, name: str = name) -> tuple[str, int]:
        return name, day

    return load


# Both on one line.
LAMBDAS = [task(name="load")(fn) for fn in (lambda day: ("a", day), lambda day: ("b", day))]
RUN: dict[str, Any] = {}
for _name in "ab":
    exec(f"def load(day): return {_name!r}, day", RUN)  # code without a source
    RUN[_name] = task(name="load")(RUN["load"])


@pytest.mark.parametrize(
    "of",
    [
        lambda name: Source(name).load,
        made,
        by_default,
        lambda name: task(name="load")(functools.partial(plain, name)),
        lambda name: task(name="load")(functools.partial(plain, name=name)),
        lambda name: task(name="load")(scaled(name)(same)),
        lambda name: LAMBDAS["ab".index(name)],
        RUN.__getitem__,
    ],
    ids=["method", "closure", "default", "partial", "named", "wrapper", "lambda", "exec"],
)
@pytest.mark.parametrize("submitted", [False, True])
def test_what_is_bound_to_a_function_is_part_of_the_step(
    of: Callable[[str], Any], submitted: bool
) -> None:
    attempts, a, b = Attempts(), of("a"), of("b")

    @flow(retries=1)
    def pump() -> Any:
        step = b if attempts.first else a
        got = (
            step.submit(day=1).result()
            if submitted and not isinstance(step.fn, functools.partial)
            else step(day=1)
        )
        attempts.fail()
        return got

    assert pump() == ("a", 1)


def test_subflows_that_are_bound_to_something_are_told_apart() -> None:
    def made_flow(name: str) -> Any:
        @flow
        def load() -> str:
            return name

        return load

    attempts, a, b = Attempts(), made_flow("a"), made_flow("b")

    @flow(retries=1)
    def pump() -> Any:
        got = (b if attempts.first else a)()
        attempts.fail()
        return got

    assert pump() == "a"


def test_a_method_of_an_equal_instance_is_taken_over(recorded: Any) -> None:
    def load(name: str) -> Any:
        method: Any = Source(name).load
        return method(1)

    assert in_two_attempts(lambda: load("a"), lambda it: it) == ("a", 1)
    assert list(recorded.task_runs(recorded.newest().id)) == ["load-0"]


def test_what_follows_on_a_step_that_ran_again_runs_again_too() -> None:
    made_of = iter([1, 2])

    @task
    def lock() -> Any:
        return threading.Lock(), next(made_of)

    @task
    def number(pair: Any) -> int:
        return int(pair[1])

    assert in_two_attempts(lambda: number.submit(lock.submit()).result(), lambda it: it) == 2


def undone_in(failing: int, *, second_fails: bool = True) -> tuple[list[str], Any]:
    calls: list[str] = []
    attempts = Attempts()

    @task
    def one() -> int:
        calls.append("one")
        return 1

    @one.on_rollback
    def undo(_transaction: Any) -> None:
        calls.append("undo")
        if calls.count("undo") <= failing:
            raise RuntimeError("cannot undo")

    @one.on_commit
    def commit(_transaction: Any) -> None:
        calls.append("commit")

    @flow(retries=1)
    def pump() -> None:
        with transaction():
            one()
            if second_fails or attempts.first:
                attempts.left = 0
                raise ValueError("two failed")

    return calls, pump(return_state=True)


def test_what_could_not_be_undone_is_undone_by_the_next_attempt(recorded: Any) -> None:
    calls, state = undone_in(failing=1)
    assert calls == ["one", "undo", "undo"]
    assert state.message.endswith("ValueError: two failed; rolled back: one-0")
    assert recorded.task_runs(recorded.newest().id)["one-0"].state.name == "RolledBack"


def test_what_could_never_be_undone_is_in_the_last_state() -> None:
    calls, state = undone_in(failing=2)
    assert calls == ["one", "undo", "undo"]
    assert "could not be rolled back: one-0 (undo raised RuntimeError: cannot" in state.message


def test_what_could_not_be_undone_counts_if_the_next_attempt_ends_well() -> None:
    calls, state = undone_in(failing=1, second_fails=False)
    assert calls == ["one", "undo", "commit"]
    assert (state.is_completed(), state.message) == (True, None)


def test_what_could_not_be_undone_is_said_though_nobody_calls_it_again() -> None:
    attempts = Attempts()

    @task
    def one() -> None:
        pass

    @one.on_rollback
    def undo(_transaction: Any) -> None:
        raise RuntimeError("cannot undo")

    @flow(retries=1)
    def pump() -> None:
        if attempts.first:
            with transaction():
                one()
                attempts.fail()
        raise ValueError("dry")

    state: Any = pump(return_state=True)
    assert "ValueError: dry; could not be rolled back: one-0 (undo raised" in state.message
