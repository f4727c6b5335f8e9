"""What can be told of a signature counts; what cannot leaves the rest alone."""

from __future__ import annotations

import datetime
import functools
import threading
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from penstock.exceptions import ParameterTypeError
from penstock.parameters import Parameters

if TYPE_CHECKING:
    from nowhere import Missing  # type: ignore[import-not-found]


class Halfway(BaseModel):
    """Refers to what is defined nowhere."""

    other: Missing


def validated(fn: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
    parameters = Parameters(fn)
    assert parameters.schema()["type"] == "object"
    return parameters.validated(parameters.bind(args, kwargs))


def some_missing(n: int, day: datetime.date, m: Missing = None) -> None: ...
def listed(n: int, m: list[Missing] | None = None) -> None: ...
def halfway(n: int, m: Halfway | None = None) -> None: ...
def number(n: int, length: 5 = None) -> None: ...  # type: ignore[valid-type]


number.__annotations__["length"] = 5


def prose(n: int, length: Any = None) -> None: ...


prose.__annotations__["length"] = "in metres"


@pytest.mark.parametrize(
    ("fn", "more"),
    [
        (listed, {"m": [1]}),
        (halfway, {"m": {"other": 1}}),
        (prose, {"length": "3"}),
        (number, {"length": "3"}),
    ],
)
def test_an_annotation_that_is_no_type_turns_off_its_own_check_alone(
    fn: Any, more: dict[str, Any]
) -> None:
    assert validated(fn, "3", **more) == {"n": 3} | more
    with pytest.raises(ParameterTypeError, match="n: "):
        validated(fn, "three")


def test_the_others_are_converted() -> None:
    got = validated(some_missing, "3", "2024-01-01", "as it is")
    assert got == {"n": 3, "day": datetime.date(2024, 1, 1), "m": "as it is"}


def base(a: int, b: int = 2) -> int:
    return a + b


def wrapped(fn: Any) -> Any:
    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)

    return wrapper


class Adder:
    def __call__(self, b: int) -> int:
        return b

    def add(self, b: int) -> int:
        return b


@pytest.mark.parametrize(
    "fn",
    [
        functools.partial(base, 10),
        functools.partial(functools.partial(base), 10),
        functools.partial(wrapped(base), 10),
        wrapped(functools.partial(base, 10)),
        Adder(),
        Adder().add,
        functools.partial(Adder.add, Adder()),
    ],
    ids=["partial", "twice", "of wrapped", "wrapped", "callable", "method", "of method"],
)
def test_every_kind_of_callable_is_checked(fn: Any) -> None:
    assert validated(fn, b="5")["b"] == 5
    with pytest.raises(ParameterTypeError, match="b: "):
        validated(fn, b="five")


def test_a_default_that_cannot_be_copied_is_given_itself() -> None:
    def guarded(locks: Any = [threading.Lock()]) -> None: ...  # noqa: B006, B008

    assert len(validated(guarded)["locks"]) == 1
