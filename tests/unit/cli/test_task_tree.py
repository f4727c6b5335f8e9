"""Runs are drawn as trees, however deep and however odd they are."""

from typing import Any

from rich.console import Console

from penstock.cli.following import Sight, below
from penstock.cli.live_tree import Picture
from penstock.cli.printing import painted
from penstock.cli.task_tree import DEEPEST_GUIDE, tree
from unit.cli.rows import a_run, a_subflow, a_task


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


def test_a_chain_of_thousands_is_drawn_to_its_end() -> None:
    lines = drawn(a_chain(5_000))
    assert len(lines) == 5_001
    assert lines[2] == "    └── t1  Completed"
    assert lines[-1].endswith("└── (5000 deep) t4999  Completed")
    assert max(map(len, lines)) < 4 * DEEPEST_GUIDE + 40


def test_below_the_deepest_guide_those_beside_each_other_are_told_by_their_depth() -> None:
    tasks = [*a_chain(DEEPEST_GUIDE + 1), a_task("beside", caller=f"t{DEEPEST_GUIDE - 1}")]
    *_, deep, beside = (line.strip() for line in drawn(tasks))
    assert (deep, beside) == (
        f"├── ({DEEPEST_GUIDE + 1} deep) t{DEEPEST_GUIDE}  Completed",
        f"└── ({DEEPEST_GUIDE + 1} deep) beside  Completed",
    )


def test_of_a_chain_deeper_than_the_screen_the_newest_are_shown() -> None:
    assert drawn(a_chain(1_200), room=3) == [
        "calc / calm-sea  Completed",
        "├── 1197 more: 1197 Completed",
        "└── t1197  Completed",
        "    └── t1198  Completed",
        "        └── t1199  Completed",
    ]


def test_tasks_that_call_each_other_in_a_ring_are_all_shown() -> None:
    tasks = [a_task("a", caller="b"), a_task("b", caller="a"), a_task("self", caller="self")]
    assert drawn([*tasks, a_task("below", caller="b")]) == [
        "calc / calm-sea  Completed",
        "├── a  Completed",
        "│   └── b  Completed",
        "│       └── below  Completed",
        "└── self  Completed",
    ]
    assert drawn(tasks, room=2)[1:] == ["├── 2 more: 2 Completed", "└── self  Completed"]


def test_subflows_hang_under_what_stands_for_them_with_their_ids() -> None:
    rows = [
        a_task("sub-0"),
        a_task("beside"),
        a_subflow("s1", parent="run", task="sub-0", type="RUNNING"),
        # Its task run belongs to the subflow, and is not among those of this run.
        a_subflow("s2", parent="s1", task="elsewhere"),
    ]
    assert drawn(rows) == [
        "calc / calm-sea  Completed",
        "├── sub-0  Completed",
        "│   └── calc / s1  Running  s1",
        "│       └── calc / s2  Completed  s2",
        "└── beside  Completed",
    ]
    assert drawn(rows, room=2)[1:] == [
        "├── 2 more: 2 Completed",
        "└── sub-0  Completed",
        "    └── calc / s1  Running  s1",
    ]


def test_subflows_are_those_below_a_run_and_no_others() -> None:
    family = [
        a_subflow("a", parent="run"),
        a_subflow("b", parent="a"),
        a_subflow("c", parent="other"),
        {**a_run(), "parent_flow_run_id": "", "create_time": ""},
    ]
    assert [it["id"] for it in below("run", reversed(family))] == ["a", "b"]
    assert [it["id"] for it in below("a", family)] == ["b"]
    assert below("b", family) == []


def test_a_live_picture_escapes_what_steers_the_terminal() -> None:
    console = Console(width=80, height=20, force_terminal=True, color_system="standard")
    picture = Picture(console)
    tasks = [a_task("\x1b[2J\u202e\nx")]
    picture.sight = Sight(run={**a_run(), "name": "\x1b]0;t\x07"}, tasks=tasks)
    with console.capture() as capture:
        console.print(picture)
    text = capture.get()
    assert r"\x1b[2J\u202e\nx" in text
    assert r"\x1b]0;t\x07" in text
    assert not {"\x1b[2J", "\x1b]", "\u202e", "\x07"} & {
        text[at : at + n] for at in range(len(text)) for n in (1, 2, 4)
    }


def a_chain(length: int) -> list[dict[str, Any]]:
    return [a_task(f"t{at}", caller=f"t{at - 1}") for at in range(length)]


def drawn(tasks: list[dict[str, Any]], room: int | None = None) -> list[str]:
    return [painted(line, colours=False) for line in tree(a_run(), tasks, room=room)]
