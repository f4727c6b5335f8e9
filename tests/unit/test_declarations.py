"""What decorators are given is checked at once, kept frozen, and carried in pickles."""

from __future__ import annotations

import copy
import inspect
import math
import pickle
import pydoc
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import FrozenInstanceError, fields
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import cloudpickle  # type: ignore[import-untyped]
import pytest

from hanging import HANG_LIMIT
from penstock import Task, flow, task
from penstock.declarations import FlowOptions, RunOptions, TaskOptions
from penstock.exceptions import ReservedArgumentError, UnsupportedKeyword
from penstock.payloads.decoding import decode
from penstock.payloads.encoding import encode
from penstock.task_runners import ThreadPoolTaskRunner
from penstock.tasks import exponential_backoff

Decorator = Any
BOTH: list[Decorator] = [flow, task]


async def later(*_: Any) -> Any: ...


def items(*_: Any) -> Iterator[Any]:
    yield 1


async def later_items(*_: Any) -> AsyncIterator[Any]:
    yield 1


class Later:
    async def __call__(self, *_: Any) -> Any: ...


NOT_PLAIN = [later, partial(later, 1), Later(), task(later), items, later_items]

REFUSED_BY_BOTH: dict[str, list[Any]] = {
    "name": [7, b"a", "a/b", " a", "x" * 256],
    "description": [7, b"a", ["a"]],
    "version": [2, "v\n", "x" * 201],
    "retries": ["3", True, 2.0, -1, 10_001, 10**30, math.nan, [1]],
    "retry_delay_seconds": [
        timedelta(seconds=1), "10", "soon", b"10", -1, True, math.nan, math.inf, 10**400,
        [0, None], [1, "2"], [1, True], [-1], [math.nan], [1] * 51, 366 * 86_400.0, object(),
        *NOT_PLAIN,
    ],
    "timeout_seconds": [
        "10", -1, -0.5, -math.inf, -(10**400), math.nan, Decimal("sNaN"), True, [1], 1j,
        timedelta(seconds=1),
    ],
    "log_prints": ["yes", 1, 0, "", []],
}  # fmt: skip
REFUSED_BY_FLOW: dict[str, list[Any]] = {
    "flow_run_name": [5, b"a", ["a"], "{", "a}", "{a!z", *NOT_PLAIN],
    "task_runner": [5, "threads", object, object(), print],
    "validate_parameters": ["no", 1, 0],
}
REFUSED_BY_TASK: dict[str, list[Any]] = {
    "tags": [
        "nightly",
        b"nightly",
        5,
        [5],
        [""],
        ["x" * 201],
        ["a\n"],
        list(map(str, range(101))),
    ],
    "task_run_name": [5, b"a", ["a"], "{", "a}", "{a!z", *NOT_PLAIN],
    "retry_jitter_factor": [-0.1, math.nan, "1", True, [1], -(10**400)],
    "retry_condition_fn": [5, "no", [print], *NOT_PLAIN],
    "on_commit": [print, "print", 5, [5], [print, None]],
    "on_rollback": [print, "print", 5, [5], [print, None]],
}
REFUSED = [
    (decorator, option, value)
    for table, decorators in (
        (REFUSED_BY_BOTH, BOTH),
        (REFUSED_BY_FLOW, [flow]),
        (REFUSED_BY_TASK, [task]),
    )
    for option, values in table.items()
    for value in values
    for decorator in decorators
]
IDS = [f"{option}-{number}" for number, (_, option, _) in enumerate(REFUSED)]


@task
def add(left: int, right: int = 1) -> int:
    """Add two numbers."""
    return left + right


@flow
def measure(depth: int) -> int:
    return depth


@add.on_rollback
def forget(_transaction: Any) -> None: ...


class Plant:
    level = 3

    @task
    def raised(self, more: int) -> int:
        return self.level + more


def test_every_option_has_words_and_something_that_it_refuses() -> None:
    told = [each for kind in (FlowOptions, TaskOptions) for each in fields(kind) if each.init]
    assert all(each.metadata["words"].endswith(".") for each in told)
    assert {each.name for each in told} == {option for _, option, _ in REFUSED}


@pytest.mark.parametrize(("decorator", "option", "value"), REFUSED, ids=IDS)
def test_what_an_option_cannot_be_is_refused_by_its_name(
    decorator: Decorator, option: str, value: Any
) -> None:
    # A tag that is refused is one of several, so that one is told of.
    spoken = "a tag|tags|a run can have at most" if option == "tags" else f"a .*'s {option}"
    with pytest.raises((TypeError, ValueError), match=f"^({spoken}) "):
        decorator(**{option: value})
    with pytest.raises((TypeError, ValueError), match=f"^({spoken}) "):
        decorator(print).with_options(**{option: value})


@pytest.mark.parametrize("decorator", BOTH)
@pytest.mark.parametrize(
    ("option", "value", "fix"),
    [
        ("retries", "3", r"must be a whole number, not '3'$"),
        ("retries", -1, r"must be from 0 to 10000, not -1$"),
        ("retry_delay_seconds", timedelta(seconds=1), r": use its total_seconds\(\)$"),
        (
            "retry_delay_seconds",
            [1] * 51,
            r"51 values, but at most 50 .*: the last one repeats$",
        ),
        ("retry_delay_seconds", -1, r"from 0 seconds to 365 days, not -1$"),
        ("timeout_seconds", -1, r"cannot be -1: leave it out for no timeout$"),
        ("log_prints", "yes", r"must be True or False, not 'yes'$"),
    ],
)
def test_a_refusal_says_what_to_write(
    decorator: Decorator, option: str, value: Any, fix: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=fix):
        decorator(**{option: value})


def test_a_refusal_of_one_of_its_own_options_says_what_to_write() -> None:
    taken: Any = task
    with pytest.raises(
        TypeError, match=r"^tags must be a list of strings: write \['nightly'\]$"
    ):
        taken(tags="nightly")
    deploy: Any = measure.deploy
    with pytest.raises(
        TypeError, match=r"^tags must be a list of strings: write \['nightly'\]$"
    ):
        deploy("a", "a-pool", tags="nightly")
    with pytest.raises(TypeError, match=r"list of functions: write \[<function forget at"):
        taken(on_rollback=forget)
    with pytest.raises(
        TypeError, match="must be a plain function, neither async nor a generator"
    ):
        taken(retry_condition_fn=later)
    with pytest.raises(ValueError, match=r"'{' is not a valid template: "):
        taken(task_run_name="{")
    run: Any = flow
    with pytest.raises(
        TypeError, match=r"must be a task runner such as ThreadPoolTaskRunner\(\)"
    ):
        run(task_runner="threads")


@pytest.mark.parametrize("decorator", BOTH)
@pytest.mark.parametrize(
    ("given", "kept"),
    [(10, 10.0), (0.5, 0.5), (Decimal("1.5"), 1.5), (0, None), (0.0, None), (None, None),
     (math.inf, None), (sys.maxsize, None), (3e9, 3e9)],
)  # fmt: skip
def test_a_time_out_is_seconds_and_none_where_nothing_can_end_it(
    decorator: Decorator, given: Any, kept: float | None
) -> None:
    assert decorator(timeout_seconds=given)(print).timeout_seconds == kept


def test_a_time_out_that_no_float_can_say_is_none() -> None:
    assert task(timeout_seconds=10**400)(print).options.timeout_seconds is None


@pytest.mark.parametrize("decorator", BOTH)
@pytest.mark.parametrize(
    ("given", "waits"),
    [(None, ()), (5, (5.0,)), (0.5, (0.5,)), ([], ()), ([1, 2.5], (1.0, 2.5)),
     ((1,), (1.0,)), (range(1, 3), (1.0, 2.0)), (Decimal(2), (2.0,)),
     (exponential_backoff(1), (1.0, 2.0, 4.0)), (lambda _: 7, (7.0,))],
)  # fmt: skip
def test_waits_are_a_number_a_list_or_a_function_of_the_retries(
    decorator: Decorator, given: Any, waits: tuple[float, ...]
) -> None:
    delays = decorator(retries=3, retry_delay_seconds=given)(print).options.delays
    assert delays == waits
    assert all(type(wait) is float for wait in delays)


def test_a_function_of_the_retries_is_asked_at_decoration_and_for_other_retries_again() -> None:
    asked: list[int] = []

    def waits(retries: int) -> list[int]:
        asked.append(retries)
        return [retries] * retries

    patient = task(retries=2, retry_delay_seconds=waits)(print)
    assert (asked, patient.options.delays) == ([2], (2.0, 2.0))
    assert patient.with_options(retries=3).options.delays == (3.0, 3.0, 3.0)
    task(retry_delay_seconds=waits)(print)
    assert asked == [2, 3]


def test_what_a_function_of_the_retries_brings_is_checked() -> None:
    make: Any = partial(task, retries=2)
    for made in (["soon"], [-1], [math.nan], None, [1] * 51):
        with pytest.raises((TypeError, ValueError), match=r"^a task's retry_delay_seconds .*"):
            make(retry_delay_seconds=lambda _, made=made: made)
    with pytest.raises(TypeError) as raised:
        make(retry_delay_seconds=lambda: [1])
    assert raised.value.__notes__ == [
        "a task's retry_delay_seconds was called with the number of retries, 2"
    ]


@pytest.mark.parametrize("decorator", BOTH)
def test_none_is_the_same_as_leaving_an_option_out(decorator: Decorator) -> None:
    options = type(decorator(print).options)
    defaults = {each.name: each.default for each in fields(options) if each.init}
    said = decorator(**dict.fromkeys(defaults))(print).options
    assert {name: getattr(said, name) for name in defaults} == defaults


def test_options_are_kept_frozen_whatever_they_were_given_as() -> None:
    hooks, tags = [forget], {"b": 1, "a": 2}
    kept = task(on_commit=hooks, on_rollback=iter(hooks), tags=tags)(print)
    hooks.clear()
    assert (kept.options.on_commit, kept.options.on_rollback) == ((forget,), (forget,))
    assert kept.options.tags == {"a", "b"}
    with pytest.raises(FrozenInstanceError):
        kept.options.retries = 3  # type: ignore[misc]
    assert repr(task(retries=2, tags=["a"])(print).options) == (
        "TaskOptions(retries=2, tags=frozenset({'a'}))"
    )


def test_a_task_runner_may_be_a_class() -> None:
    assert isinstance(
        flow(task_runner=ThreadPoolTaskRunner)(print).options.task_runner, ThreadPoolTaskRunner
    )


def test_two_functions_may_share_one_decorator() -> None:
    often = task(retries=2, tags=iter(["a"]))
    first, second = often(lambda: 1), often(lambda: 2)
    first.on_rollback(forget)
    assert first.options.tags == second.options.tags == {"a"}
    assert (first.options.on_rollback, second.options.on_rollback) == ((forget,), ())


@pytest.mark.parametrize("decorator", BOTH)
def test_an_option_that_nobody_knows_is_named(decorator: Decorator) -> None:
    kind = decorator.__name__
    for unknown in ("retires", "delays", "kind"):
        with pytest.raises(UnsupportedKeyword, match=f"^@{kind} does not support {unknown}: "):
            decorator(**{unknown: 1})
        with pytest.raises(UnsupportedKeyword, match=f"^@{kind} does not support {unknown}: "):
            decorator(print).with_options(**{unknown: 1})


def test_options_are_read_as_attributes() -> None:
    chosen: Any = task(
        retries=2, retry_delay_seconds=1, tags=["a"], on_commit=[forget], version="v1"
    )(add.fn)
    assert (chosen.retries, chosen.tags, chosen.version) == (2, {"a"}, "v1")
    assert (chosen.retry_delay_seconds, chosen.delays) == ((1.0,), (1.0,))
    assert chosen.timeout_seconds is None
    assert (chosen.on_commit_hooks, chosen.on_rollback_hooks) == ((forget,), ())
    assert (chosen.name, chosen.description) == ("add", "Add two numbers.")
    assert {"retries", "fn", "submit"} < set(dir(chosen))
    for unknown in ("retires", "retries_hooks", "on_commits"):
        with pytest.raises(AttributeError, match=f"^Task has no attribute '{unknown}'$"):
            getattr(chosen, unknown)


def test_other_options_leave_the_first_ones_as_they_are() -> None:
    other = add.with_options(name="sum", retries=2)
    assert (other.name, other.options.retries, other.options.on_rollback) == (
        "sum", 2, (forget,),
    )  # fmt: skip
    assert (add.name, add.options.retries) == ("add", 0)
    assert other.task_key.startswith("sum@test_declarations.py:add")


def test_a_parameter_that_the_call_needs_is_refused() -> None:
    for decorator in BOTH:
        with pytest.raises(ReservedArgumentError, match="'wait_for'"):
            decorator(lambda wait_for: wait_for)


@pytest.mark.parametrize("decorator", BOTH)
def test_help_and_signature_list_every_option(decorator: Decorator) -> None:
    options: type[RunOptions] = type(decorator(print).options)
    known = [each for each in fields(options) if each.init]
    told = pydoc.render_doc(decorator, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    for each in known:
        assert f"\n        {each.name}: {each.metadata['words']}\n" in told
    parameters = inspect.signature(decorator).parameters
    assert list(parameters) == ["fn", *(each.name for each in known)]
    assert parameters["retries"].default == 0


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
@pytest.mark.parametrize("decorated", [add, measure, Plant.raised], ids=repr)
def test_what_its_name_leads_to_is_pickled_by_that_name(
    decorated: Any, dumps: Callable[[Any], bytes]
) -> None:
    data = dumps(decorated)
    assert pickle.loads(data) is decorated
    assert len(data) < 100


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps])
def test_a_local_one_is_pickled_by_value(dumps: Callable[[Any], bytes]) -> None:
    by = 10

    @task(retries=1, retry_condition_fn=lambda *_: by > 5, on_commit=[lambda _: by])
    def scaled(number: int) -> int:
        return number * by

    @flow
    def scaling(number: int) -> int:
        return scaled(number)

    assert scaling.parameters.validated({"number": "1"}) == {"number": 1}
    again: Task[[int], int] = pickle.loads(dumps(scaled))
    assert again is not scaled
    assert again(4) == 40
    assert (again.name, again.task_key, again.options.retries) == ("scaled", scaled.task_key, 1)
    assert again.options.on_commit[0](None) == 10
    assert again.source_digest() == scaled.source_digest() != b""
    twice = pickle.loads(dumps(scaling))
    assert "parameters" not in vars(twice)
    assert (twice.name, list(twice.parameters.signature.parameters)) == ("scaling", ["number"])


def test_a_copy_with_other_options_gets_its_function_by_name() -> None:
    again = pickle.loads(pickle.dumps(add.with_options(name="sum", retries=2)))
    assert (again.name, again.options.retries, again.options.on_rollback) == (
        "sum", 2, (forget,),
    )  # fmt: skip
    assert again.fn is add.fn


def test_a_method_is_pickled_with_its_instance() -> None:
    plant = Plant()
    plant.level = 5
    again: Any = pickle.loads(pickle.dumps(plant.raised))
    assert again(1) == 6


def test_a_task_that_calls_itself_is_pickled() -> None:
    @task
    def fibonacci(number: int) -> int:
        return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)

    for data in (pickle.dumps(fibonacci), cloudpickle.dumps(fibonacci.fn)):
        again: Any = pickle.loads(data)
        assert again(7) == 13
    encoded = encode([fibonacci, fibonacci])
    assert encoded is not None
    first, second = decode(encoded.content_type, encoded.data)
    assert first is second is not fibonacci
    assert first(7) == 13


OF_A_SCRIPT = """
import pickle, sys
from penstock import task
FACTOR = 3

@task(name="times")
def tripled(number):
    return number * FACTOR if number < 10 else tripled(number - 1)

told = pickle.dumps([tripled, tripled.with_options(retries=2)])
sys.stdout.buffer.write(pickle.dumps([told, tripled.source_digest()]))
"""


def test_a_task_of_a_script_reaches_another_process(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(OF_A_SCRIPT)
    ended = subprocess.run(
        [sys.executable, script], capture_output=True, check=True, timeout=HANG_LIMIT
    )
    script.unlink()
    told, digest = pickle.loads(ended.stdout)
    first, other = pickle.loads(told)
    assert first.source_digest() == digest
    assert (first.name, first(12)) == ("times", 27)
    assert (other.options.retries, other(2)) == (2, 6)


def test_a_declaration_is_its_own_copy() -> None:
    for each in (add, measure, add.with_options(retries=1)):
        assert copy.copy(each) is copy.deepcopy([each])[0] is each
