"""Tables fit the terminal, and runs are drawn as trees: functions of rows alone."""

from typing import Any

from click import unstyle
from rich.console import Console

from penstock.cli.following import Sight
from penstock.cli.live_tree import tree
from penstock.cli.output import Column, moment, table, took
from penstock.cli.watching import ToldStates, news_line

COLUMNS = (
    Column("ID", lambda row: row["id"]),
    Column("Name", lambda row: row["name"], may_be_cut=True),
)
LONG = {"id": "0123456789", "name": "a very long name of a run"}


def test_in_a_pipe_nothing_is_cut() -> None:
    assert unstyle(table([LONG], COLUMNS, width=None)[1]) == f"{LONG['id']}  {LONG['name']}"


def test_on_a_terminal_only_what_may_be_cut_is() -> None:
    assert table([LONG], COLUMNS, width=24)[1] == "0123456789  a very long…"


def test_wide_letters_take_two_places() -> None:
    rows = [{"id": "水", "name": "x"}, {"id": "ab", "name": "y"}]
    assert table(rows, COLUMNS, width=None)[1:] == ["水  x", "ab  y"]


def test_a_cell_is_one_line() -> None:
    assert table([{"id": "1", "name": "a\nb"}], COLUMNS, width=None)[1] == "1   a b"


def test_durations_grow_into_minutes_and_hours() -> None:
    begin = {"start_time": "2026-01-01T00:00:00Z"}
    assert took({}) == "-"
    assert took({**begin, "end_time": "2026-01-01T00:00:01.500000001Z"}) == "1.50s"
    assert took({**begin, "end_time": "2026-01-01T00:01:59.9Z"}) == "2m 0s"
    assert took({**begin, "end_time": "2026-01-01T02:03:00Z"}) == "2h 3m"
    assert moment("2026-01-01T00:00:00Z").isoformat() == "2026-01-01T00:00:00+00:00"


def test_tasks_hang_under_those_that_called_them() -> None:
    tasks = [a_task("outer"), a_task("inner", caller="outer"), a_task("beside")]
    assert drawn(tasks) == [
        "calc / calm-sea  Completed",
        "├── outer  Completed",
        "│   └── inner  Completed",
        "└── beside  Completed",
    ]


def test_with_little_room_what_runs_or_failed_stays_and_the_rest_is_counted() -> None:
    tasks = [a_task(f"t{number}") for number in range(100)]
    tasks[3] = a_task("t3", type="FAILED")
    tasks[7] = a_task("t7", type="RUNNING")
    assert drawn(tasks, room=4) == [
        "calc / calm-sea  Completed",
        "├── 96 more: 96 Completed",
        "├── t3  Failed",
        "├── t7  Running",
        "├── t98  Completed",
        "└── t99  Completed",
    ]


def test_a_state_is_told_once() -> None:
    told = ToldStates()
    sight = Sight(run=a_run(), tasks=[a_task("t")])
    assert [row["name"] for row in told.of(sight)] == ["t", "calm-sea"]
    assert list(told.of(sight)) == []


def test_a_line_says_why_a_task_failed() -> None:
    row = a_task("t", type="FAILED", message="it\nbroke")
    row["attempt"] = 2
    assert unstyle(news_line(row)).split("  ", 1)[1] == "t  Failed  attempt 2  it broke"


def drawn(tasks: list[dict[str, Any]], room: int | None = None) -> list[str]:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(tree(a_run(), tasks, room=room))
    return [line.rstrip() for line in capture.get().splitlines()]


def a_run() -> dict[str, Any]:
    spec = {"flow_name": "calc"}
    return {"id": "run", "spec": spec, "name": "calm-sea", **a_state("COMPLETED")}


def a_task(
    name: str, *, caller: str = "", type: str = "COMPLETED", message: str = ""
) -> dict[str, Any]:
    return {"id": name, "name": name, "parent_task_run_id": caller, **a_state(type, message)}


def a_state(type: str, message: str = "") -> dict[str, Any]:
    state = {"state_type": type, "name": "", "message": message, "time": "2026-01-01T00:00:00Z"}
    return {"attempt": 1, "state": state}
