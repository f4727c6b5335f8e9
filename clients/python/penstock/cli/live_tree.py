"""A run and its tasks as a tree that changes while one looks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text
from rich.tree import Tree

from penstock.cli.failures import reason
from penstock.cli.following import TERMINAL, Sight
from penstock.cli.output import COLOURS, Row, state_name, title, took

FRAMES_PER_SECOND = 10
# Beside the tasks: the run, its message, what was left out, and the shell's prompt.
OTHER_LINES = 5


async def draw(sights: AsyncIterator[Sight]) -> Row:
    """Draw the run until it ends, and return it as it ended."""
    console = Console(highlight=False)
    picture = Picture(console)
    with Live(picture, console=console, refresh_per_second=FRAMES_PER_SECOND):
        async for sight in sights:
            picture.sight = sight
    return picture.sight.run if picture.sight else {}


class Picture:
    """What was seen last, drawn anew for every frame, so that times go on."""

    def __init__(self, console: Console) -> None:
        self.sight: Sight | None = None
        self._console = console

    def __rich__(self) -> RenderableType:
        if self.sight is None:
            return ""
        room = max(1, self._console.height - OTHER_LINES)
        return tree(self.sight.run, self.sight.tasks, room=room)


def tree(
    run: Row, tasks: Sequence[Row], *, room: int | None = None, edges: bool = False
) -> Tree:
    """Return the run with its task runs under those that called them.

    With little room those that went well long ago are left out and counted. With edges, each
    task run tells what it was given by others and for what it waited.
    """
    shown = tasks if room is None else _worth_a_line(tasks, room)
    root = Tree(_line(run), guide_style="dim")
    if left_out := len(tasks) - len(shown):
        known = {each["id"] for each in shown}
        states = Counter(state_name(it["state"]) for it in tasks if it["id"] not in known)
        counts = ", ".join(f"{count} {name}" for name, count in states.most_common())
        root.add(Text(f"{left_out} more: {counts}", style="dim"))
    names = {each["id"]: each["name"] for each in tasks} if edges else {}
    _grow(root, _by_caller(shown), "", names)
    if message := reason(run):
        root.add(Text(message, style="dim"))
    return root


def _worth_a_line(tasks: Sequence[Row], room: int) -> Sequence[Row]:
    """Return those that run or went wrong, then the newest, and whoever called one of them."""
    if len(tasks) <= room:
        return tasks
    by_id = {each["id"]: each for each in tasks}
    newest_first = reversed(tasks)
    ranked = sorted(newest_first, key=lambda each: each["state"]["state_type"] == "COMPLETED")
    chosen: set[str] = set()
    for each in ranked:
        line = _line_of_callers(each, by_id)
        if len(chosen) + len(line - chosen) > room:
            break
        chosen |= line
    return [each for each in tasks if each["id"] in chosen]


def _line_of_callers(task: Row, by_id: Mapping[str, Row]) -> set[str]:
    found: set[str] = set()
    above: Row | None = task
    while above is not None and above["id"] not in found:
        found.add(above["id"])
        above = by_id.get(above["parent_task_run_id"])
    return found


def _by_caller(tasks: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    known = {each["id"] for each in tasks}
    called_by: dict[str, list[Row]] = defaultdict(list)
    for task in tasks:
        caller = task["parent_task_run_id"]
        called_by[caller if caller in known else ""].append(task)
    return called_by


def _grow(
    branch: Tree, called_by: Mapping[str, Sequence[Row]], caller: str, names: Mapping[str, str]
) -> None:
    for task in called_by.get(caller, ()):
        line = _line(task)
        if names and (edges := ", ".join(_edge(it, names) for it in task["upstream"])):
            line.append(f"  {edges}", "dim")
        _grow(branch.add(line), called_by, task["id"], names)


def _line(row: Row) -> Text:
    state = row["state"]
    colour = COLOURS.get(state["state_type"], "")
    line = Text.assemble(f"{title(row)}  ", (state_name(state), colour))
    if row["attempt"] > 1:
        line.append(f"  attempt {row['attempt']}", "yellow")
    if "start_time" in row:
        line.append(f"  {took(row)}", "dim")
    if "spec" in row and state["state_type"] not in TERMINAL:
        line.append(f"  {row['id']}", "dim")
    return line


def _edge(upstream: Row, names: Mapping[str, str]) -> str:
    """Return `x from add-0`, `after add-0`, or which flow run it stands for."""
    [run_id] = upstream["run"].values()
    name = names.get(run_id, run_id)
    match upstream["kind"]:
        case "DATA":
            return f"{upstream['parameter']} from {name}".lstrip()
        case "SUBFLOW":
            return f"is flow run {name}"
    return f"after {name}"
