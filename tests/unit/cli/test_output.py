"""Tables fit the terminal, and news are told once: functions of rows alone."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.cli.following import Sight
from penstock.cli.output import Column, Table, ago, clock, moment, took
from penstock.cli.printing import painted
from penstock.cli.watching import ToldStates, news_line
from unit.cli.rows import a_run, a_subflow, a_task

COLUMNS = (
    Column("ID", lambda row: row["id"]),
    Column("Name", lambda row: row["name"], may_be_cut=True),
)
LONG = {"id": "0123456789", "name": "a very long name of a run"}


def test_in_a_pipe_nothing_is_cut() -> None:
    assert table([LONG])[1] == f"{LONG['id']}  {LONG['name']}"


def test_on_a_terminal_only_what_may_be_cut_is() -> None:
    assert table([LONG], width=24)[1] == "0123456789  a very long…"


def test_wide_letters_take_two_places() -> None:
    rows = [{"id": "水", "name": "x"}, {"id": "ab", "name": "y"}]
    assert table(rows)[1:] == ["水  x", "ab  y"]


def test_a_cell_is_one_line() -> None:
    assert table([{"id": "1", "name": "a\nb"}])[1] == r"1   a\nb"


def test_what_steers_a_terminal_takes_the_room_that_it_is_shown_in() -> None:
    rows = [{"id": "\x1b[2J", "name": "x"}, {"id": "ab", "name": "a   b\n"}]
    assert table(rows)[1:] == [r"\x1b[2J  x", r"ab       a b\n"]


def test_pages_share_their_columns_and_one_heading() -> None:
    laid_out = Table(COLUMNS, width=None)
    pages = [[{"id": "abc", "name": "x"}], [{"id": "a", "name": "y"}], [LONG]]
    lines = [painted(line, colours=False) for page in pages for line in laid_out.lines(page)]
    assert lines == ["ID   Name", "abc  x", "a    y", f"{LONG['id']}  {LONG['name']}"]


def test_what_is_no_time_is_shown_as_it_is() -> None:
    odd = "unreadable: 9 s, 0 ns"
    assert (ago({"at": odd}, "at"), clock(odd), moment(odd)) == (odd, odd, None)
    assert took({"start_time": odd, "end_time": odd}) == "-"
    assert ago({"at": ""}, "at") == "-"


@pytest.mark.parametrize("end", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("zone", ["Etc/GMT-14", "Etc/GMT+12"])
def test_the_ends_of_time_are_shown_in_every_zone(
    monkeypatch: pytest.MonkeyPatch, end: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert clock(end)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_durations_grow_into_minutes_and_hours() -> None:
    begin = {"start_time": "2026-01-01T00:00:00Z"}
    assert took({}) == "-"
    assert took({**begin, "end_time": "2026-01-01T00:00:01.500000001Z"}) == "1.50s"
    assert took({**begin, "end_time": "2026-01-01T00:01:59.9Z"}) == "2m 0s"
    assert took({**begin, "end_time": "2026-01-01T02:03:00Z"}) == "2h 3m"
    assert moment("2026-01-01T00:00:00Z") == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_state_is_told_once() -> None:
    told = ToldStates()
    sight = Sight(run=a_run(), tasks=[a_task("t")])
    assert [row["name"] for row in told.of(sight)] == ["t", "calm-sea"]
    assert list(told.of(sight)) == []


def test_a_subflow_is_told_with_its_id_before_the_run_that_called_it() -> None:
    sight = Sight(run=a_run(), tasks=[], subflows=[a_subflow("sub", parent="run")])
    lines = [painted(news_line(row), colours=False) for row in ToldStates().of(sight)]
    assert [line.split("  ", 1)[1] for line in lines] == [
        "calc / sub  Completed  sub",
        "calc / calm-sea  Completed",
    ]


def test_a_line_says_why_a_task_failed() -> None:
    row = a_task("t", type="FAILED", message="it\nbroke")
    row["attempt"] = 2
    line = painted(news_line(row), colours=False)
    assert line.split("  ", 1)[1] == r"t  Failed  attempt 2  it\nbroke"


def table(rows: list[dict[str, Any]], *, width: int | None = None) -> list[str]:
    lines = Table(COLUMNS, width=width).lines(rows)
    return [painted(line, colours=False) for line in lines]
