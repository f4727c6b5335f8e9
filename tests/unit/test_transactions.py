"""A transaction needs no flow."""

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
