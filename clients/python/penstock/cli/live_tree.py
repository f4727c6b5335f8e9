"""A run and its tasks as a tree that changes while one looks."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from rich.console import RenderableType
from rich.live import Live
from rich.text import Text
from rich.tree import Tree

from penstock.cli.output import console, state_name, state_text, took

Row = dict[str, Any]

UNHAPPY = frozenset({"FAILED", "CANCELLED", "CRASHED"})


async def show_live(changes: AsyncIterator[tuple[Row, list[Row]]]) -> Row:
    """Draw the run at each change until it ends, and return it as it ended.

    In a pipe, where nothing can be redrawn, a line is printed for each new state.
    """
    run: Row = {}
    if not sys.stdout.isatty():
        said: set[tuple[str, str, int]] = set()
        async for run, tasks in changes:
            _say_news(run, tasks, said)
        return run
    picture = Picture()
    with Live(picture, console=console(), refresh_per_second=10):
        async for picture.run, picture.tasks in changes:
            continue
    return picture.run


class Picture:
    """What was heard last, drawn anew at every refresh, so that times go on."""

    def __init__(self) -> None:
        self.run: Row = {}
        self.tasks: list[Row] = []

    def __rich__(self) -> RenderableType:
        return tree(self.run, self.tasks) if self.run else ""


def tree(run: Row, tasks: Sequence[Row]) -> RenderableType:
    """Return the run with its task runs under those that called them."""
    called_by: dict[str, list[Row]] = defaultdict(list)
    for task in tasks:
        called_by[task["parent_task_run_id"]].append(task)
    root = Tree(_line(f"{run['flow_name']} / {run['name']}", run))
    _grow(root, called_by, "")
    if message := run["state"]["message"]:
        root.add(Text(message, style="dim"))
    return root


def _grow(branch: Tree, called_by: dict[str, list[Row]], parent: str) -> None:
    for task in called_by[parent]:
        _grow(branch.add(_line(task["name"], task)), called_by, task["id"])


def _line(name: str, row: Row) -> Text:
    attempt = f"  attempt {row['attempt']}" if row["attempt"] > 1 else ""
    timing = f"  {took(row)}" if "start_time" in row else ""
    return Text.assemble(
        f"{name}  ", state_text(row["state"]), (attempt, "yellow"), (timing, "dim")
    )


def _say_news(run: Row, tasks: Iterable[Row], said: set[tuple[str, str, int]]) -> None:
    for row in (*tasks, run):
        news = (row["id"], state_name(row["state"]), row["attempt"])
        if news not in said:
            said.add(news)
            message = row["state"]["message"] if row["state"]["type"] in UNHAPPY else ""
            console().print(_line(row["name"], row), Text(message, style="dim"))
