"""A run and its tasks as a tree: a line for each, however deep the tasks call each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from penstock.cli.failures import reason
from penstock.cli.following import TERMINAL
from penstock.cli.output import COLOURS, Row, state_name, title, took
from penstock.cli.printing import Line, Part, Styled

# Below it tasks are told by their depth: lines that grow with it would be no help.
DEEPEST_GUIDE = 10


class _Branch(NamedTuple):
    """What is still to be drawn: a line, and the id under which others hang."""

    line: Line
    id: str
    depth: int
    guide: str
    last: bool


def tree(
    run: Row, tasks: Sequence[Row], *, room: int | None = None, edges: bool = False
) -> Iterator[Line]:
    """Yield a line for the run, and its task runs under those that called them.

    A subflow among them stands under the task run that stands for it, or under its parent.

    With little room those that went well long ago are left out and counted. With edges, each
    task run tells what it was given by others and for what it waited.
    """
    shown = tasks if room is None else _worth_a_line(tasks, room)
    names = {each["id"]: each["name"] for each in tasks} if edges else {}
    called_by = _by_caller(shown)
    yield _line(run)
    lines = [_left_out(tasks, shown)] if len(shown) < len(tasks) else []
    below = [(line, "") for line in lines] + _below(called_by, "", names)
    if message := reason(run):
        below.append(([Styled(message, dim=True)], ""))
    pending = _branches(below, depth=1, guide="")
    while pending:
        branch = pending.pop()
        fork = "└── " if branch.last else "├── "
        yield [Styled(branch.guide + fork, dim=True), *branch.line]
        below = _below(called_by, branch.id, names) if branch.id else []
        guide = branch.guide + ("    " if branch.last else "│   ")
        pending += _branches(below, depth=branch.depth + 1, guide=guide)


def _branches(below: Sequence[tuple[Line, str]], *, depth: int, guide: str) -> list[_Branch]:
    """Return what hangs in one place, the first of it at the end."""
    if depth > DEEPEST_GUIDE:
        guide = guide[: 4 * (DEEPEST_GUIDE - 1)]
        below = [([Styled(f"({depth} deep) ", dim=True), *line], id) for line, id in below]
    branches = [
        _Branch(line, id, depth, guide, last=place == len(below))
        for place, (line, id) in enumerate(below, 1)
    ]
    return branches[::-1]


def _below(
    called_by: Mapping[str, Sequence[Row]], caller: str, names: Mapping[str, str]
) -> list[tuple[Line, str]]:
    return [(_with_edges(task, names), task["id"]) for task in called_by.get(caller, ())]


def _left_out(tasks: Sequence[Row], shown: Sequence[Row]) -> Line:
    known = {each["id"] for each in shown}
    states = Counter(state_name(it["state"]) for it in tasks if it["id"] not in known)
    counts = ", ".join(f"{count} {name}" for name, count in states.most_common())
    return [Styled(f"{len(tasks) - len(shown)} more: {counts}", dim=True)]


def _worth_a_line(tasks: Sequence[Row], room: int) -> Sequence[Row]:
    """Return those that run or went wrong, then the newest, and whoever called one of them."""
    if len(tasks) <= room:
        return tasks
    by_id = {each["id"]: each for each in tasks}
    newest_first = reversed(tasks)
    ranked = sorted(newest_first, key=lambda each: each["state"]["state_type"] == "COMPLETED")
    chosen: set[str] = set()
    for each in ranked:
        left = room - len(chosen)
        line = _line_of_callers(each, by_id, chosen, left + 1)
        if len(line) > left and chosen:
            break
        # One that is deeper than there is room for stands without those far above it.
        chosen.update(line[:left])
    return [each for each in tasks if each["id"] in chosen]


def _line_of_callers(
    task: Row, by_id: Mapping[str, Row], chosen: set[str], longest: int
) -> list[str]:
    """Return the task and those that called it, nearest first, up to one that is chosen."""
    found: dict[str, None] = {}
    above: Row | None = task
    while above is not None and len(found) < longest:
        if above["id"] in found or above["id"] in chosen:
            break
        found[above["id"]] = None
        above = by_id.get(_caller(above, by_id))
    return list(found)


def _caller(row: Row, by_id: Mapping[str, Row]) -> str:
    """Return the id of what called it, as far as that is known."""
    task_run_id: str = row["parent_task_run_id"]
    return task_run_id if task_run_id in by_id else row.get("parent_flow_run_id", "")


def _by_caller(tasks: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    by_id = {each["id"]: each for each in tasks}
    cut = _where_rings_begin(tasks, by_id)
    called_by: dict[str, list[Row]] = defaultdict(list)
    for task in tasks:
        caller = _caller(task, by_id)
        hangs = caller in by_id and task["id"] not in cut
        called_by[caller if hangs else ""].append(task)
    return called_by


def _where_rings_begin(tasks: Sequence[Row], by_id: Mapping[str, Row]) -> set[str]:
    """Return a task of each ring of callers, which no walk from the run would reach."""
    known: set[str] = set()
    cut: set[str] = set()
    for task in tasks:
        walked: set[str] = set()
        above: Row | None = task
        while above is not None and above["id"] not in known:
            known.add(above["id"])
            walked.add(above["id"])
            above = by_id.get(_caller(above, by_id))
        if above is not None and above["id"] in walked:
            cut.add(above["id"])
    return cut


def _with_edges(task: Row, names: Mapping[str, str]) -> Line:
    line = _line(task)
    if not names or not task.get("upstream"):
        return line
    edges = ", ".join(_edge(it, names) for it in task["upstream"])
    return [*line, Styled(f"  {edges}", dim=True)]


def _line(row: Row) -> Line:
    state = row["state"]
    colour = COLOURS.get(state["state_type"], "")
    line: list[Part] = [f"{title(row)}  ", Styled(state_name(state), colour)]
    if row["attempt"] > 1:
        line.append(Styled(f"  attempt {row['attempt']}", "yellow"))
    if "start_time" in row:
        line.append(Styled(f"  {took(row)}", dim=True))
    if "spec" in row and (row.get("parent_flow_run_id") or state["state_type"] not in TERMINAL):
        line.append(Styled(f"  {row['id']}", dim=True))
    return line


def _edge(upstream: Row, names: Mapping[str, str]) -> str:
    """Return `x from add-0`, `after add-0`, or which flow run it stands for."""
    run_id = next(iter(upstream["run"].values()), "")
    name = names.get(run_id, run_id)
    match upstream["kind"]:
        case "DATA":
            return f"{upstream['parameter']} from {name}".lstrip()
        case "SUBFLOW":
            return f"is flow run {name}"
    return f"after {name}"
