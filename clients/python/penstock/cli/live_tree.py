"""A run and its tasks as a tree that changes while one looks."""

from __future__ import annotations

from collections.abc import AsyncIterator

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from penstock.cli.following import Sight
from penstock.cli.output import Row, moment
from penstock.cli.printing import Line, painted
from penstock.cli.task_tree import tree
from penstock.engine.tally import counted

FRAMES_PER_SECOND = 10
# Beside the tasks: the run, its message, what was left out, and the shell's prompt.
OTHER_LINES = 5
BAD = frozenset({"FAILED", "CRASHED"})


async def draw(sights: AsyncIterator[Sight]) -> Row:
    """Draw the run until it ends, and return it as it ended."""
    console = Console(highlight=False)
    picture = Picture(console)
    with Live(picture, console=console, refresh_per_second=FRAMES_PER_SECOND):
        async for sight in sights:
            picture.sight = sight
    if picture.sight is None:
        return {}
    # The tree leaves tasks out where there are many.
    console.print(_counts(picture.sight))
    return picture.sight.run


def _counts(sight: Sight) -> str:
    """Return `203 tasks, 4 failed, 1.2 s`, as the log does: a subflow is none of the tasks."""
    callers = {run.get("parent_task_run_id") for run in sight.subflows}
    own = (task for task in sight.tasks if task["id"] not in callers)
    types = [task["state"]["state_type"] for task in own]
    tasks = counted(len(types), sum(each in BAD for each in types))
    begin, end = (moment(sight.run.get(name, "")) for name in ("start_time", "end_time"))
    return f"{tasks}, {(end - begin).total_seconds():.1f} s" if begin and end else tasks


class Picture:
    """What was seen last, drawn anew for every frame, so that times go on."""

    def __init__(self, console: Console) -> None:
        self.sight: Sight | None = None
        self._console = console

    def __rich__(self) -> RenderableType:
        if self.sight is None:
            return ""
        room = max(1, self._console.height - OTHER_LINES)
        rows = [*self.sight.tasks, *self.sight.subflows]
        lines = map(_drawn, tree(self.sight.run, rows, room=room))
        return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)


def _drawn(line: Line) -> Text:
    """Return a line as rich draws it; it escapes nothing by itself."""
    return Text.from_ansi(painted(line, colours=True), no_wrap=True, overflow="ellipsis")
