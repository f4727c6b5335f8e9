"""How readers print: tables for people, JSON for programs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from unicodedata import combining, east_asian_width

import click

from penstock.cli.printing import (
    Line,
    Part,
    Styled,
    plain,
    print_json,
    print_json_list,
    put,
    put_all,
)
from penstock.cli.streams import on_terminal

Row = dict[str, Any]

COLOURS = {
    "COMPLETED": "green",
    "FAILED": "red",
    "CRASHED": "red",
    "CANCELLED": "yellow",
    "CANCELLING": "yellow",
    "RUNNING": "cyan",
    "PENDING": "blue",
    "SCHEDULED": "blue",
    "PAUSED": "magenta",
}
GAP = "  "
NARROWEST = 8

output_option = click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="The format of the output.",
)


class Column(NamedTuple):
    """A heading, the cell that a row has under it, and what may be done to make all fit."""

    heading: str
    cell: Callable[[Row], Part]
    may_be_cut: bool = False
    may_be_left_out: bool = False


def show(
    pages: Iterable[Sequence[Row]], columns: Sequence[Column], *, output: str, empty: str
) -> None:
    """Print rows as they come; `empty` says what to do when there are none."""
    if output == "json":
        print_json_list(pages)
        return
    table = Table(columns, width=terminal_width())
    for page in pages:
        if page:
            put_all(table.lines(page))
    if table.empty and empty:
        put(empty, err=True)


def show_one(value: Any, said: str, *, output: str) -> None:
    """Print what a command has made or found, as one sentence or as JSON."""
    if output == "json":
        print_json(value)
    else:
        put(said)


def terminal_width() -> int | None:
    """Return how wide the terminal is; in a pipe nothing is cut."""
    return shutil.get_terminal_size().columns if on_terminal() else None


class Table:
    """Lays out page after page; columns only grow, so that one page is known at a time."""

    def __init__(self, columns: Sequence[Column], *, width: int | None) -> None:
        self.empty = True
        self._columns = columns
        self._width = width
        self._widest = [0] * len(columns)

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Return a line for each row, under a heading the first time; all is made to fit."""
        lines = [[_one_line(column.cell(row)) for column in self._columns] for row in rows]
        if self.empty:
            lines.insert(0, [Styled(column.heading, bold=True) for column in self._columns])
        cells = zip(*lines, strict=True)
        self._widest = [
            max(known, *(_width(cell.text) for cell in column))
            for known, column in zip(self._widest, cells, strict=True)
        ]
        widths = [*self._widest]
        if self._width is not None:
            if self.empty:
                lines, widths = self._leave_out(lines)
            _narrow(widths, self._columns, self._width)
        self.empty = False
        return [_line(line, widths) for line in lines]

    def _leave_out(self, lines: list[list[Styled]]) -> tuple[list[list[Styled]], list[int]]:
        """Leave out columns, the last first, for which the heading's page has no room."""
        widths = [*self._widest]
        narrowest = [
            min(NARROWEST, width) if column.may_be_cut else width
            for width, column in zip(widths, self._columns, strict=True)
        ]
        kept = [*range(len(widths))]
        for place in reversed(range(len(widths))):
            if _together(narrowest[it] for it in kept) <= (self._width or 0):
                break
            if self._columns[place].may_be_left_out:
                kept.remove(place)
        self._columns = [self._columns[place] for place in kept]
        self._widest = [widths[place] for place in kept]
        return [[line[place] for place in kept] for line in lines], [*self._widest]


def _together(widths: Iterable[int]) -> int:
    """Return how wide a line of such cells is."""
    each = [*widths]
    return sum(each) + len(GAP) * (len(each) - 1)


def _narrow(widths: list[int], columns: Sequence[Column], width: int) -> None:
    """Take from the widest column that may be cut, until all fit or none has more to give."""
    able = [place for place, column in enumerate(columns) if column.may_be_cut]
    while able and _together(widths) > width:
        widest = max(able, key=lambda place: widths[place])
        if widths[widest] <= NARROWEST:
            return
        widths[widest] -= 1


def _line(cells: Sequence[Styled], widths: Sequence[int]) -> Line:
    parts: list[Part] = []
    missing = 0
    for cell, width in zip(cells, widths, strict=True):
        text = _cut(cell.text, width)
        if text:
            parts += [" " * missing, cell._replace(text=text)]
            missing = 0
        missing += width - _width(text) + len(GAP)
    return parts


def _one_line(cell: Part) -> Styled:
    """Return the cell as it is seen, so that its width is known."""
    styled = Styled(cell) if isinstance(cell, str) else cell
    return styled._replace(text=" ".join(plain(cell).split()))


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while _width(text) >= width:
        text = text[:-1]
    return text + "…"


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(it) in "WF" else not combining(it) for it in text)


def state_cell(state: Row) -> Styled:
    """Return the state's name in its colour."""
    return Styled(state_name(state), COLOURS.get(state["state_type"], ""))


def state_name(state: Row) -> str:
    name: str = state["name"] or state["state_type"].capitalize()
    return name


def title(row: Row) -> str:
    """Return what people call it: a flow run, unlike a task run, by its flow too."""
    name: str = row["name"]
    return f"{row['spec']['flow_name']} / {name}" if "spec" in row else name


def full_name(row: Row) -> str:
    """Return `flow/name` of a flow run or a deployment."""
    return f"{row['spec']['flow_name']}/{row['name']}"


def ago(row: Row, field: str) -> str:
    """Return how long ago, in the largest unit; a dash for never."""
    then = moment(row.get(field, ""))
    if then is None:
        return row.get(field) or "-"
    seconds = (datetime.now(UTC) - then).total_seconds()
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size:.0f}{unit} ago"
    return f"{max(0.0, seconds):.0f}s ago"


def took(row: Row) -> str:
    """Return how long it ran, or has been running; a dash if it never began."""
    begin = moment(row.get("start_time", ""))
    end = moment(row["end_time"]) if "end_time" in row else datetime.now(UTC)
    if begin is None or end is None:
        return "-"
    seconds = max(0.0, (end - begin).total_seconds())
    if seconds < 60:
        return f"{seconds:.2f}s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes}m" if hours else f"{minutes}m {seconds}s"


def moment(text: str) -> datetime | None:
    """Read an RFC 3339 time, if it is one; the wire has up to nine digits, Python six."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    try:
        return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")
    except ValueError:
        return None


def clock(text: str) -> str:
    """Return the time of day where the reader is; what is no time as it is."""
    then = moment(text)
    try:
        return f"{then.astimezone():%H:%M:%S}" if then else text
    except (OverflowError, ValueError):
        # The first and the last day of all lie outside of some time zones.
        return text
