"""What a flow can be made of, before it is called."""

from typing import Any

import pytest

from penstock import Flow, flow
from penstock.exceptions import ReservedArgumentError, UnsupportedKeyword


def test_a_keyword_that_is_not_supported_is_named() -> None:
    with pytest.raises(UnsupportedKeyword, match="@flow does not support persist_result"):
        flow(persist_result=True)(lambda: None)  # type: ignore[call-overload]


def test_a_parameter_that_the_call_needs_itself_is_refused() -> None:
    def taken(wait_for: int) -> None: ...

    with pytest.raises(ReservedArgumentError, match="wait_for"):
        flow(taken)


def test_a_flow_can_have_other_options() -> None:
    @flow(name="a", retries=2)
    def first() -> None: ...

    second: Flow[Any, Any] = first.with_options(name="b")
    assert (second.name, second.retries, first.name) == ("b", 2, "a")
