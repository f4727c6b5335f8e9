"""Futures are found in what is given, and nothing of the user's is called for that."""

import dataclasses
import threading
from collections import OrderedDict, defaultdict, namedtuple
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from penstock.annotations import allow_failure, opaque, quote, unmapped
from penstock.engine.calls.arguments import MOST_VALUES, handles_in, replaced
from penstock.futures import PenstockFuture

FUTURE: PenstockFuture[int] = PenstockFuture("", "one")
Pair = namedtuple("Pair", ["first", "second"])


def with_value(value: Any) -> Any:
    return replaced(value, lambda _handle, _may_fail: 1)


@dataclasses.dataclass
class Initialised:
    only: dataclasses.InitVar[int]
    held: Any = None
    made: Any = dataclasses.field(init=False, default=None)

    def __post_init__(self, only: int) -> None:
        assert only


@dataclasses.dataclass(frozen=True, slots=True)
class Slotted:
    held: Any
    other: int = 2


class Model(BaseModel):
    model_config = ConfigDict(frozen=True)
    held: Any
    other: int = 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([FUTURE, 2], [1, 2]),
        ((FUTURE, [FUTURE]), (1, [1])),
        (Pair(FUTURE, 2), Pair(1, 2)),
        ({"a": {"b": FUTURE}}, {"a": {"b": 1}}),
        (OrderedDict(a=FUTURE), OrderedDict(a=1)),
        (defaultdict[str, Any](int, a=FUTURE), defaultdict[str, Any](int, a=1)),
        (Slotted(FUTURE), Slotted(1)),
        (Model(held=[FUTURE]), Model(held=[1])),
        (unmapped([FUTURE]), [1]),
        (allow_failure(FUTURE), 1),
        (opaque(FUTURE), 1),
        (Initialised(1, FUTURE), Initialised(1, 1)),
    ],
    ids=lambda it: type(it).__name__,
)
def test_a_future_is_replaced_where_it_stands(value: Any, expected: Any) -> None:
    got = with_value(value)
    assert (got, type(got)) == (expected, type(expected))


def test_a_field_that_is_not_given_to_init_is_replaced_in_a_copy() -> None:
    value = Initialised(1)
    value.made = FUTURE
    assert with_value(value).made == 1
    assert value.made is FUTURE


class Touchy:
    """Raises whatever it is asked."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)


class Meta(type):
    def __getattr__(cls, name: str) -> Any:
        raise RuntimeError(name)


class Raising(metaclass=Meta):
    def __iter__(self) -> Any:
        raise RuntimeError


class LazyList(list[Any]):
    def __iter__(self) -> Any:
        raise RuntimeError("a query")


@dataclasses.dataclass
class Lazy:
    plain: int = 1

    @property
    def costly(self) -> Any:
        raise RuntimeError("a query")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


@dataclasses.dataclass
class Uncopyable:
    held: Any

    def __copy__(self) -> Any:
        raise RuntimeError


@pytest.mark.parametrize(
    "make",
    [
        Touchy,
        Raising,
        lambda: Raising,
        lambda: int,
        lambda: LazyList([1, []]),
        Lazy,
        lambda: Uncopyable(FUTURE),
        threading.Lock,
    ],
)
def test_what_refuses_to_be_looked_into_is_passed_as_it_is(make: Any) -> None:
    value = make()
    assert with_value([value, FUTURE])[0] is value


def test_what_is_quoted_is_not_looked_into() -> None:
    assert with_value([quote([FUTURE]), FUTURE]) == [[FUTURE], 1]


def test_what_leads_back_to_itself_is_looked_at_once() -> None:
    ring: list[Any] = [FUTURE]
    ring.append(ring)
    assert handles_in(ring) == [(FUTURE, False)]
    shared: Any = [FUTURE]
    for _ in range(11):
        shared = [shared] * 50
    assert handles_in(shared) == [(FUTURE, False)]


def test_more_than_anybody_waits_for_is_not_looked_at() -> None:
    wide = [[number] for number in range(MOST_VALUES + 10)]
    assert handles_in([wide, [FUTURE]]) == []
