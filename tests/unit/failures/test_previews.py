"""What a function was given, shown shortly and without running the user's code."""

from typing import Any

import pytest

from penstock.failures.previews import LONGEST, MOST_INPUTS, inputs_of, previewed
from penstock.ground.texts import CUT


class DataFrame:
    def __repr__(self) -> str:
        raise AssertionError("nobody asks")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (-5, "-5"),
        (1.5, "1.5"),
        (float("nan"), "NaN"),
        ("text", '"text"'),
        ("é\n\0\ud800", '"é\\n\\u0000?"'),
        ([1, ("a", {})], '[1, ("a", {})]'),
        ({"a": [None], 2: DataFrame()}, '{"a": [null], 2: <DataFrame>}'),
        (DataFrame(), "<DataFrame>"),
        (b"bytes", "<bytes>"),
        ({1}, "<set>"),
        (DataFrame, "<type>"),
        (10**5000, "<int>"),
        ([[[[[["deep"]]]]]], "[[[[[<list>]]]]]"),
    ],
    ids=lambda it: type(it).__name__,
)
def test_inputs_are_shown_shortly(value: Any, shown: str) -> None:
    assert previewed({"value": value}) == {"value": shown}


@pytest.mark.parametrize(
    "value",
    ["x" * 10_000_000, list(range(1_000_000)), {"k" * 300: 1}, 10**250, [["y" * 99] * 9] * 9],
    ids=lambda it: type(it).__name__,
)
def test_a_long_input_is_cut(value: Any) -> None:
    shown = previewed({"value": value})["value"]
    assert len(shown) == LONGEST
    assert shown.endswith(CUT)


def test_inputs_that_hold_themselves_end() -> None:
    ring: list[Any] = []
    ring.append(ring)
    wide: Any = []
    for _ in range(60):
        wide = [wide] * 60
    assert previewed({"ring": ring, "wide": wide})["ring"] == "[[[[[<list>]]]]]"


def test_only_so_many_inputs_are_shown() -> None:
    shown = previewed({f"a{number}": number for number in range(1000)})
    assert len(shown) == MOST_INPUTS


def test_inputs_have_the_names_of_parameters() -> None:
    def function(one: int, *rest: int, two: int = 2, **more: int) -> None: ...

    assert inputs_of(function, (1, 5), {"two": 3, "x": 4}) == {
        "one": 1,
        "rest": (5,),
        "two": 3,
        "more": {"x": 4},
    }
    assert inputs_of(lambda: None, (1,), {"x": 2}) == {"0": 1, "x": 2}
    assert inputs_of(5, (1,), {}) == {"0": 1}  # type: ignore[arg-type]
