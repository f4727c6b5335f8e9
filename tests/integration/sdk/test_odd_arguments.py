"""Recording never fails, blocks or changes a call, whatever it is given."""

import dataclasses
import enum
import os
import time
import xmlrpc.client
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from penstock import flow, task
from penstock.runtime import flow_run


class Node:
    def __init__(self, parent: Any = None) -> None:
        self.parent, self.children = parent, list[Any]()


@dataclasses.dataclass(eq=False)
class Branch:
    parent: Any = None
    children: list[Any] = dataclasses.field(default_factory=list)


def a_tree(kind: Any) -> Any:
    root = kind()
    root.children += [kind(root) for _ in range(300)]
    return root


def a_ring() -> Any:
    ring: list[Any] = [1]
    ring.append(ring)
    return ring


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


class Silent(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


class Touchy:
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __reduce__(self) -> Any:
        raise RuntimeError("not I")


@pytest.mark.parametrize(
    "value",
    [
        int,
        Node,
        ValueError,
        10**5000,
        [10**5000],
        a_ring(),
        deep(2000),
        a_tree(Node),
        a_tree(Branch),
        xmlrpc.client.ServerProxy("http://127.0.0.1:9/"),
        Touchy(),
        Silent(),
    ],
    ids=lambda it: type(it).__name__,
)
@pytest.mark.parametrize("retries", [0, 1])
def test_a_call_gets_what_it_was_given(recorded: Any, value: Any, retries: int) -> None:
    got: list[Any] = []

    @task
    def step(it: Any) -> Any:
        got.append(it)
        return it

    @flow(retries=retries)
    def pump(it: Any) -> None:
        got.append(it)
        got.append(step(it))
        got.append(step.submit(it).result())
        step.map([it, it]).result()

    began = time.monotonic()
    pump(value)
    assert time.monotonic() - began < 10
    assert len(got) == 7
    assert all(each is value for each in got)
    assert recorded.names_of_states(recorded.newest().id)[-1] == "Completed"


def test_an_exception_without_a_text_is_retried_and_reaches_the_caller(recorded: Any) -> None:
    attempts: list[int] = []

    @task(retries=1)
    def step() -> None:
        attempts.append(1)
        raise Silent

    @flow(retries=1)
    def pump() -> None:
        step()

    with pytest.raises(Silent):
        pump()
    assert len(attempts) == 4
    run = recorded.newest()
    assert run.state.message.endswith("Silent: <Silent, whose text raised RuntimeError>")


class Model(BaseModel):
    a: int = 1
    b: int = 2


@dataclasses.dataclass
class Row:
    a: int = 1

    def __iter__(self) -> Iterator[int]:
        return iter((self.a,))


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Scalar:
    def __iter__(self) -> Iterator[int]:
        raise TypeError("iteration over a 0-d array")


def test_one_thing_goes_whole_to_every_call_of_a_map() -> None:
    @task
    def named(_number: int, it: Any) -> str:
        return type(it).__name__

    @flow
    def pump() -> list[list[str]]:
        with open(os.devnull) as opened:  # noqa: PTH123 - any file
            things = (Model(), Row(), Colour, Scalar(), opened, memoryview(b"ab"))
            return [named.map([1, 2, 3], it).result() for it in things]

    assert pump() == [
        [name] * 3
        for name in (
            "Model",
            "Row",
            type(Colour).__name__,
            "Scalar",
            "TextIOWrapper",
            "memoryview",
        )
    ]


def test_a_flow_reads_its_arguments_as_it_got_them() -> None:
    @flow
    def pump(litres: int, more: list[float]) -> Any:
        return flow_run.parameters

    given: Any = "3"
    assert pump(given, more=["1.5"]) == {"litres": 3, "more": [1.5]}


def test_an_argument_may_be_called_self() -> None:
    @task
    def step(**named: int) -> int:
        return named["self"]

    @flow
    def pump(**named: int) -> list[int]:
        this = named["self"]
        return [
            step(self=this),
            step.submit(self=this).result(),
            *step.map(self=[this]).result(),
        ]

    assert pump(self=3) == [3, 3, 3]
