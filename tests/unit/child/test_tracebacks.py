"""What a run's process says on standard error of what ended it."""

import sys
from collections.abc import Iterator

import pytest

from penstock.child import tracebacks


@pytest.fixture
def deep_stack() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + 3000)
    yield
    sys.setrecursionlimit(before)


def test_a_stack_that_fills_all_there_is_can_be_shown(
    deep_stack: None, capsys: pytest.CaptureFixture[str]
) -> None:
    def down(levels: int) -> None:
        if levels:
            down(levels - 1)
        raise ValueError("at the bottom")

    with pytest.raises(ValueError, match="bottom") as raised:
        down(3000)
    sys.setrecursionlimit(1000)
    tracebacks.show(raised.value)
    shown = capsys.readouterr().err
    assert shown.endswith("ValueError: at the bottom\n")
    assert "in down\n" in shown
