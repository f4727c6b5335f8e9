"""What can be told of a signature counts; what cannot leaves the rest alone."""

from __future__ import annotations

import datetime
import functools
import threading
from typing import TYPE_CHECKING, Any, Literal, get_args

import pytest
from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticKnownError, core_schema

from penstock.exceptions import ParameterBindError, ParameterTypeError
from penstock.ground.validation import what_is_wrong
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
    with pytest.raises(ParameterTypeError, match="n must be "):
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
    with pytest.raises(ParameterTypeError, match="b must be "):
        validated(fn, b="five")


def test_a_default_that_cannot_be_copied_is_given_itself() -> None:
    def guarded(locks: Any = [threading.Lock()]) -> None: ...  # noqa: B006, B008

    assert len(validated(guarded)["locks"]) == 1


class Size(BaseModel, extra="forbid"):
    """A model whose fields have rules."""

    width: int = Field(ge=1, multiple_of=2)
    unit: Literal["mm", "cm"] = "mm"

    @field_validator("width")
    @classmethod
    def is_lucky(cls, width: int) -> int:
        if width == 14:
            raise ValueError("14 brings bad luck")
        return width


def sized(
    size: Size, day: datetime.date = datetime.date(2026, 1, 1), flag: bool = False
) -> None: ...


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"size": {"width": "one"}}, "size.width must be an integer, not 'one' (str)"),
        ({"size": {"width": 1.5}}, "size.width must be an integer, not 1.5 (float)"),
        ({"size": {"width": 0}}, "size.width must be 1 or greater, not 0 (int)"),
        ({"size": {"width": 3}}, "size.width must be a multiple of 2, not 3 (int)"),
        ({"size": {"width": 14}}, "size.width is refused: 14 brings bad luck"),
        ({"size": {"width": 2, "unit": "m"}}, "size.unit must be one of 'mm' or 'cm', not 'm'"),
        ({"size": {"width": 2, "depth": 2}}, "size.depth is unknown: leave it out"),
        ({"size": {}}, "size.width is missing"),
        ({"size": 5}, "size must be a Size, or a dictionary of its fields, not 5 (int)"),
        ({"size": Size(width=2), "day": "soon"}, "day must be a date, such as 2026-01-31, not"),
        ({"size": Size(width=2), "flag": "ja"}, "flag must be true or false, not 'ja' (str)"),
    ],
)
def test_a_wrong_argument_is_told_with_its_field_and_what_it_must_be(
    given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ParameterTypeError) as raised:
        validated(sized, **given)
    assert f"sized() got invalid arguments: {said}" in str(raised.value)


def bare(n: int, /, size: Any, *, unit: Any = 1) -> None: ...


@pytest.mark.parametrize(
    ("args", "given", "said"),
    [
        ((), {}, "bare() needs arguments 'n' and 'size': it takes (n: 'int', /, size"),
        ((1,), {}, "bare() needs argument 'size': it takes"),
        ((1, 2, 3), {}, "bare() takes 2 arguments by position, not 3: it takes"),
        ((1, 2), {"size": 3}, "bare() was given 'size' twice, by position and by name: it"),
        ((), {"n": 1, "size": 2}, "bare() takes 'n' by position, not by name: it takes"),
        ((1, 2), {"units": 3}, "bare() has no parameter units: it takes"),
        ((1,), {"units": 3}, "no parameter units, and needs argument 'size': it takes"),
    ],
)
def test_a_call_that_does_not_fit_is_told_what_it_lacks(
    args: tuple[Any, ...], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ParameterBindError) as raised:
        Parameters(bare).bind(args, given)
    assert said in str(raised.value)


TEXTS = (
    "attribute", "error", "method_name", "class_name", "class", "field_type", "pattern",
    "expected", "encoding", "discriminator", "tag", "expected_tags", "expected_schemes",
    "encoding_error",
)  # fmt: skip
NUMBERS = (
    "gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "actual_length",
    "tz_expected", "tz_actual", "expected_version", "max_digits", "decimal_places",
    "whole_digits",
)  # fmt: skip
FACTS = dict.fromkeys(TEXTS, "it") | dict.fromkeys(NUMBERS, 3)


@pytest.mark.parametrize("kind", get_args(core_schema.ErrorType))
def test_no_kind_of_the_validators_is_told_in_its_own_words(kind: Any) -> None:
    text = PydanticKnownError(kind, FACTS).message()
    error = {"type": kind, "loc": ("a", 0), "msg": text, "ctx": FACTS, "input": 1}
    said = what_is_wrong("n", error, shown=True)
    assert said.startswith("n.a.0 ")
    assert text not in said
    assert ("refused" in said) == (kind in {"value_error", "assertion_error"})
    assert "not 1 (int)" not in what_is_wrong("n", error, shown=False)
