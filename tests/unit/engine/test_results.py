"""One way to keep a returned value: what is not kept says why."""

import threading

import pytest

from penstock.engine.results import Kept, keep
from penstock.payloads.values import INLINE_LIMIT


@pytest.mark.parametrize("value", [None, 0, "text", [1, 2], {"a": None}, object])
def test_a_small_value_travels_with_its_entry(value: object) -> None:
    found = keep(value)
    assert found.payload is not None
    assert found.why_not == ""


@pytest.mark.parametrize("value", ["x" * INLINE_LIMIT, bytes(INLINE_LIMIT + 1)], ids=len)
def test_a_large_value_says_how_large_it_may_be(value: object) -> None:
    assert keep(value) == Kept(why_not="it takes more than 65536 bytes")


def test_what_is_stored_apart_may_be_large() -> None:
    found = keep("x" * INLINE_LIMIT, limit=None)
    assert found.payload is not None
    assert len(found.payload.data) == INLINE_LIMIT + 2


def test_a_value_that_cannot_be_said_says_why() -> None:
    found = keep(threading.Lock(), limit=None)
    assert found.payload is None
    assert "cannot be pickled" in found.why_not
