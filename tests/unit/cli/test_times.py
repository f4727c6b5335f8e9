"""Moments on a command line: how long ago, or a date."""

from datetime import UTC, datetime

import pytest

from penstock.cli.times import moment_of

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30s", datetime(2026, 3, 10, 11, 59, 30, tzinfo=UTC)),
        ("90m", datetime(2026, 3, 10, 10, 30, tzinfo=UTC)),
        (" 2H ", datetime(2026, 3, 10, 10, 0, tzinfo=UTC)),
        ("1w", datetime(2026, 3, 3, 12, 0, tzinfo=UTC)),
        ("2026-01-31T08:00+02:00", datetime(2026, 1, 31, 6, 0, tzinfo=UTC)),
        ("2026-01-31T08:00Z", datetime(2026, 1, 31, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(text: str, moment: datetime) -> None:
    assert moment_of(text, NOW) == moment


def test_a_date_is_where_the_reader_is() -> None:
    here = datetime(2026, 1, 31).astimezone()
    assert moment_of("2026-01-31", NOW) == here


@pytest.mark.parametrize("text", ["", "soon", "3", "-2h", "2 fortnights", "9999999999w", "2h3"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        moment_of(text, NOW)
