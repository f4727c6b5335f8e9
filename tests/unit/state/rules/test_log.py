from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOON
from penstockd.state.rules.log import (
    LATE_LINES,
    Gap,
    LogHead,
    LogLine,
    is_complete,
    unknown_lines,
)

INSTANT = timedelta(microseconds=1)
OVER = LogHead(last_position=9, end_time=NOON, handed_out=True, sources=2, open_sources=0)


def lines(*offsets: int) -> list[LogLine]:
    return [
        LogLine(offset=it, time=NOON, level=20, logger="flow", message=str(it))
        for it in offsets
    ]


@pytest.mark.parametrize(
    ("acknowledged", "sent", "fresh"),
    [
        (0, [1, 2], [1, 2]),
        (2, [1, 2], []),
        (2, [1, 2, 3], [3]),
        (2, [3, 3, 4], [3, 4]),
        (2, [3, 1, 4], [3, 4]),
        (5, [], []),
    ],
)
def test_what_follows_is_new_once(acknowledged: int, sent: list[int], fresh: list[int]) -> None:
    found = unknown_lines(lines(*sent), acknowledged)
    assert not isinstance(found, Gap)
    assert [it.offset for it in found] == fresh


@pytest.mark.parametrize("sent", [[4], [10, 11], [1, 2, 4], [3, 5], [4, 3]])
def test_a_gap_names_the_line_from_which_all_must_come_again(sent: list[int]) -> None:
    assert unknown_lines(lines(*sent), 2) == Gap(expected=3)


def test_a_run_that_goes_on_may_write_more() -> None:
    assert not is_complete(replace(OVER, end_time=None), NOON + timedelta(days=1))


def test_a_log_is_complete_when_all_who_wrote_have_said_so() -> None:
    assert is_complete(OVER, NOON)
    assert not is_complete(replace(OVER, open_sources=1), NOON)


@pytest.mark.parametrize("head", [replace(OVER, open_sources=1), replace(OVER, sources=0)])
def test_who_says_nothing_has_a_minute(head: LogHead) -> None:
    assert not is_complete(head, NOON + LATE_LINES - INSTANT)
    assert is_complete(head, NOON + LATE_LINES)


def test_nobody_writes_for_a_run_that_nobody_had() -> None:
    assert is_complete(replace(OVER, handed_out=False, sources=0), NOON)
