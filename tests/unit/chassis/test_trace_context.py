"""A traceparent is one of W3C's, or it is dropped."""

import pytest

from penstockd.chassis.local_calls import LocalContext
from penstockd.chassis.trace_context import callers_traceparent, traceparent_of

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
GOOD = f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize("text", [GOOD, f"01-{TRACE}-{SPAN}-00"])
def test_a_traceparent_is_kept_as_it_is(text: str) -> None:
    assert traceparent_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "00", GOOD.upper(), f" {GOOD}", f"{GOOD}\n", f"{GOOD}-00", GOOD[:-1],
        f"ff-{TRACE}-{SPAN}-01", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01",
        GOOD.replace("b7", "g7"), GOOD.replace("-", "\0"), "a" * 15_000, "\x1b[31m", b"x", None,
    ],
)  # fmt: skip
def test_anything_else_is_dropped(text: object) -> None:
    assert traceparent_of(text) == ""


@pytest.mark.asyncio
async def test_a_call_without_one_has_none() -> None:
    for metadata, found in (
        ((), ""),
        ((("traceparent", GOOD),), GOOD),
        ((("traceparent", "x"), ("traceparent", GOOD)), ""),
        ((("traceparent-bin", b"x"),), ""),
    ):
        assert callers_traceparent(LocalContext(1, metadata)) == found
