"""One way to keep a returned value: encoded, then stored; what is not kept says why."""

import threading

import pytest

from penstock.engine.drives import run_blocking
from penstock.engine.results import IN_JOURNAL, Kept, keep
from penstock.payloads.values import INLINE_LIMIT, EncodedPayload


def kept(value: object) -> Kept:
    return run_blocking(keep(value, IN_JOURNAL))


@pytest.mark.parametrize("value", [None, 0, "text", [1, 2], {"a": None}, object])
def test_a_small_value_travels_with_its_entry(value: object) -> None:
    found = kept(value)
    assert found.payload is not None
    assert found.why_not == ""


@pytest.mark.parametrize("value", ["x" * INLINE_LIMIT, bytes(INLINE_LIMIT + 1)], ids=len)
def test_a_large_value_says_how_large_it_may_be(value: object) -> None:
    assert kept(value) == Kept(why_not="it takes more than 65536 bytes")


def test_a_value_that_cannot_be_said_says_why() -> None:
    found = kept(threading.Lock())
    assert found.payload is None
    assert "cannot be pickled" in found.why_not


def test_a_storage_takes_what_fits_into_it() -> None:
    class Shelf:
        limit = None

        def __init__(self) -> None:
            self.taken: list[EncodedPayload] = []

        async def put(self, value: EncodedPayload) -> Kept:
            self.taken.append(value)
            return Kept(result_id="shelf/1")

    shelf = Shelf()
    assert run_blocking(keep("x" * INLINE_LIMIT, shelf)) == Kept(result_id="shelf/1")
    assert len(shelf.taken[0].data) == INLINE_LIMIT + 2
