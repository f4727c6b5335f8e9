"""A transaction needs no flow."""

import asyncio
import sqlite3
import threading
from typing import Any

import pytest

from penstock import task
from penstock.exceptions import UnsupportedKeyword
from penstock.transactions import IsolationLevel, transaction


def test_a_transaction_outside_a_flow_works_too() -> None:
    happened: list[str] = []

    @task
    def member() -> None:
        happened.append("member")

    @member.on_rollback
    def undo(_transaction: Any) -> None:
        happened.append("undo member")

    with pytest.raises(ValueError, match="late"), transaction():
        member()
        raise ValueError("late")
    assert happened == ["member", "undo member"]


def test_what_is_not_supported_is_named() -> None:
    with pytest.raises(UnsupportedKeyword, match="key"):
        transaction(key="once")
    with pytest.raises(UnsupportedKeyword, match="isolation_level"):
        transaction(isolation_level=IsolationLevel.SERIALIZABLE)


@pytest.mark.parametrize(
    "error", [SystemExit(3), GeneratorExit(), asyncio.CancelledError(), ValueError("no")]
)
def test_whatever_a_rollback_hook_raises_the_others_are_undone(error: BaseException) -> None:
    undone: list[str] = []

    @task
    def member(name: str) -> None: ...

    @member.on_rollback
    def undo(opened: Any) -> None:
        undone.append("a member")
        raise error

    with pytest.raises(ValueError, match="late"), transaction():
        member("first")
        member("second")
        raise ValueError("late")
    assert undone == ["a member", "a member"]


@pytest.mark.parametrize(
    "value", [threading.Lock(), sqlite3.connect(":memory:"), (n for n in range(2))]
)
def test_a_value_that_cannot_be_copied_is_handed_to_hooks_itself(value: Any) -> None:
    seen: list[Any] = []

    @task
    def member() -> None: ...

    @member.on_rollback
    def undo(opened: Any) -> None:
        seen.extend([opened.get("value"), opened.get("list")])

    with pytest.raises(ValueError, match="late"), transaction() as opened:
        mine = [1]
        opened.set("value", value)
        opened.set("list", mine)
        member()
        raise ValueError("late")
    got, copied = seen
    assert got is value
    assert copied == mine
    assert copied is not mine
