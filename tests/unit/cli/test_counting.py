"""Runs can be counted by what is listed."""

import pytest

from fixtures_cli import Penstock


@pytest.mark.parametrize(
    ("by", "text"),
    [("sate", "'sate' is not one of state,"), ("hour,day", "use hour or day, not both")],
)
def test_what_cannot_be_counted_by_is_told(penstock: Penstock, by: str, text: str) -> None:
    answer = penstock("flow-run", "count", "--by", by)
    assert (answer.code, text in answer.err) == (2, True)
