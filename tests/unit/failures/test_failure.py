"""What ended an attempt, described whatever the exception's class does."""

import asyncio
import linecache
from dataclasses import FrozenInstanceError
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from penstock.failures.causes import causes_of
from penstock.failures.failure import (
    LONGEST_STACK,
    MOST_CAUSES,
    Failure,
    failure_of,
)
from penstock.ground.texts import CUT
from penstock.payloads.decoding import decode
from unit.failures.raising import RAISED, caught


class Refused(Exception):
    pass


class Outer:
    class Inner(Exception):
        pass


def test_an_exception_is_described() -> None:
    failure = failure_of(caught(Refused("no money")), {"amount": 5})
    assert failure.error_type.endswith("test_failure.Refused")
    assert failure.message == "no money"
    assert failure.stack.startswith(f'  File "{caught.__code__.co_filename}", line ')
    assert RAISED in failure.stack
    assert (failure.language, failure.do_not_retry, failure.retry_after) == (
        "python",
        False,
        None,
    )
    assert (failure.causes, failure.inputs) == ((), {"amount": "5"})
    assert failure.data is not None
    assert repr(decode(*failure.data)) == "Refused('no money')"
    with pytest.raises(FrozenInstanceError):
        failure.message = ""  # type: ignore[misc]


def test_types_are_qualified_but_for_pythons_own() -> None:
    assert failure_of(ValueError()).error_type == "ValueError"
    assert failure_of(Outer.Inner()).error_type == f"{__name__}.Outer.Inner"
    assert (
        failure_of(asyncio.CancelledError()).error_type == "asyncio.exceptions.CancelledError"
    )


def test_notes_are_part_of_the_message() -> None:
    error = ValueError("first")
    error.add_note("second")
    error.__notes__.append(3)  # type: ignore[arg-type]
    assert failure_of(error).message == "first\nsecond"
    error.__notes__ = "no list"  # type: ignore[assignment]
    assert failure_of(error).message == "first"


def test_frames_of_ours_are_left_out() -> None:
    def broken() -> None:
        raise Refused

    try:
        run_by_us(broken)
    except Refused as error:
        stack = failure_of(error).stack
    assert "in broken\n" in stack
    assert "run_by_us" in stack
    assert "in ours\n" not in stack


def run_by_us(function: Any) -> None:
    space: dict[str, Any] = {"__name__": "penstock.engine.drives"}
    exec("def ours(function):\n    function()\n", space)
    space["ours"](function)


def test_a_deep_stack_loses_its_middle() -> None:
    def even(left: int) -> None:
        odd(left - 1)

    def odd(left: int) -> None:
        if left < 0:
            raise Refused
        even(left - 1)

    try:
        even(600)
    except Refused as error:
        stack = failure_of(error).stack
    assert "left out\n" in stack
    assert stack.endswith("raise Refused\n")
    assert "in test_a_deep_stack_loses_its_middle\n" in stack
    assert len(stack.encode()) <= LONGEST_STACK


def test_endless_recursion_is_described() -> None:
    def forever() -> None:
        forever()

    with pytest.raises(RecursionError) as raised:
        forever()
    failure = failure_of(raised.value)
    assert failure.error_type == "RecursionError"
    assert "Previous line repeated" in failure.stack


def test_a_stack_of_long_lines_fits(tmp_path: Path) -> None:
    names = [f"f{number}" for number in range(60)]
    said = "é" * 5000
    lines = [f"def f0(): raise ValueError  # {said}"]
    lines += [f"def {name}(): {before}()  # {said}" for before, name in pairwise(names)]
    stack = failure_of(error_in("\n".join(lines) + f"\n{names[-1]}()\n", tmp_path)).stack
    assert len(stack.encode()) <= LONGEST_STACK
    assert stack.startswith("  … ")
    assert CUT in stack
    assert ", in f0\n" in stack


def test_a_loader_that_breaks_costs_the_lines_only(tmp_path: Path) -> None:
    class Loader:
        def get_source(self, name: str) -> str:
            raise ZeroDivisionError

    error = error_in("1 / 0\n", tmp_path / "no", loader=Loader())
    assert failure_of(error).stack.endswith(
        f'  File "{tmp_path / "no"}", line 1, in <module>\n'
    )


def error_in(source: str, path: Path, loader: Any = None) -> BaseException:
    """Return what a program raises; a folder stands for a file in it."""
    if path.is_dir():
        path = path / "program.py"
        path.write_text(source)
    linecache.checkcache()
    try:
        exec(compile(source, path, "exec"), {"__name__": "program", "__loader__": loader})
    except Exception as error:  # noqa: BLE001 - any kind
        return error
    raise AssertionError("the program raised nothing")


def test_causes_are_flat_the_nearest_first() -> None:
    first = caught(KeyError("first"))
    second = caught(Refused("second"), first)
    failure = failure_of(caught(ValueError("third"), second))
    assert [cause.message for cause in failure.causes] == ["second", "'first'"]
    assert failure.causes[1].error_type == "KeyError"
    assert RAISED in failure.causes[0].stack


def test_a_context_counts_unless_it_is_suppressed() -> None:
    def chained(suppressed: bool) -> BaseException:
        try:
            try:
                raise KeyError("handled")  # noqa: TRY301 - it is handled here
            except KeyError:
                if suppressed:
                    raise ValueError from None
                raise ValueError  # noqa: B904 - what is being handled is the point
        except ValueError as error:
            return error

    assert [cause.error_type for cause in failure_of(chained(False)).causes] == ["KeyError"]
    assert failure_of(chained(True)).causes == ()


def test_a_ring_of_causes_ends() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert [cause.message for cause in failure_of(one).causes] == ["other"]
    one.__cause__ = one
    assert failure_of(one).causes == ()


def test_only_the_nearest_causes_are_told() -> None:
    error = ValueError("0")
    for number in range(1, 5000):
        following = ValueError(str(number))
        following.__context__ = error
        error = following
    told = [cause.message for cause in failure_of(error).causes]
    assert told == [str(number) for number in range(4998, 4998 - MOST_CAUSES, -1)]


def test_a_group_tells_its_members_before_what_led_to_them() -> None:
    deep = caught(ValueError("deep"), OSError("why"))
    group = ExceptionGroup(
        "all", [ExceptionGroup("inner", [deep, KeyError("k")]), Refused("r")]
    )
    causes = failure_of(caught(group, Refused("before"))).causes
    assert [cause.message for cause in causes] == ["deep", "'k'", "r", "before", "why"]


def test_a_group_of_many_and_of_one_again_and_again() -> None:
    assert len(causes_of(ExceptionGroup("many", [ValueError() for _ in range(9999)]), 10)) == 10
    one = ValueError()
    nested: ExceptionGroup[Any] = ExceptionGroup("same", [one])
    for _ in range(60):
        nested = ExceptionGroup("same", [nested, nested])
    assert causes_of(nested, 10) == [one]


def test_a_failure_of_another_language_is_a_value_too() -> None:
    failure = Failure(error_type="*os.PathError", message="no file", stack="", language="go")
    assert (failure.language, failure.causes, failure.inputs) == ("go", (), {})
