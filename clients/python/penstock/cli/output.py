"""How readers print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from unicodedata import combining, east_asian_width

import click

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
    help="How to print.",
)


class Cell(NamedTuple):
    """A text, and its colour on a terminal."""

    text: str
    colour: str = ""


class Column(NamedTuple):
    """A heading, the cell that a row has under it, and whether it may be cut to fit."""

    heading: str
    cell: Callable[[Row], str | Cell]
    may_be_cut: bool = False


def show(rows: Sequence[Row], columns: Sequence[Column], *, output: str, empty: str) -> None:
    """Print rows; `empty` says what to do when there are none."""
    if output == "json":
        print_json(rows)
    elif not rows:
        click.echo(empty, err=True)
    else:
        for line in table(rows, columns, width=terminal_width()):
            click.echo(line)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_json_line(value: Any) -> None:
    """Print one value of a stream, to be read before the next one is there."""
    click.echo(json.dumps(value, ensure_ascii=False))


def terminal_width() -> int | None:
    """Return how wide the terminal is; in a pipe nothing is cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def table(rows: Sequence[Row], columns: Sequence[Column], *, width: int | None) -> list[str]:
    """Return a heading and a line for each row; cells are cut until the lines fit."""
    cells = [[_one_line(column.cell(row)) for column in columns] for row in rows]
    headings = [Cell(column.heading) for column in columns]
    widths = [
        max(_width(it.text) for it in those) for those in zip(headings, *cells, strict=True)
    ]
    if width is not None:
        _narrow(widths, columns, width)
    head = click.style(_line(headings, widths), bold=True)
    return [head, *(_line(line, widths) for line in cells)]


def _narrow(widths: list[int], columns: Sequence[Column], width: int) -> None:
    """Take from the widest column that may be cut, until all fit or none has more to give."""
    able = [place for place, column in enumerate(columns) if column.may_be_cut]
    while able and sum(widths) + len(GAP) * (len(widths) - 1) > width:
        widest = max(able, key=lambda place: widths[place])
        if widths[widest] <= NARROWEST:
            return
        widths[widest] -= 1


def _line(cells: Sequence[Cell], widths: Sequence[int]) -> str:
    padded = []
    for cell, width in zip(cells, widths, strict=True):
        text = _cut(cell.text, width)
        space = " " * (width - _width(text))
        padded.append((click.style(text, fg=cell.colour) if cell.colour else text) + space)
    return GAP.join(padded).rstrip()


def _one_line(cell: str | Cell) -> Cell:
    text, colour = (cell, "") if isinstance(cell, str) else cell
    return Cell(" ".join(text.split()), colour)


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


def state_cell(state: Row) -> Cell:
    """Return the state's name in its colour."""
    return Cell(state_name(state), COLOURS.get(state["state_type"], ""))


def state_name(state: Row) -> str:
    name: str = state["name"] or state["state_type"].capitalize()
    return name


def title(row: Row) -> str:
    """Return what people call it: a flow run, unlike a task run, by its flow too."""
    name: str = row["name"]
    return f"{row['spec']['flow_name']} / {name}" if "spec" in row else name


def ago(row: Row, field: str) -> str:
    """Return how long ago, in the largest unit; a dash for never."""
    if field not in row:
        return "-"
    seconds = (datetime.now(UTC) - moment(row[field])).total_seconds()
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size:.0f}{unit} ago"
    return f"{max(0.0, seconds):.0f}s ago"


def took(row: Row) -> str:
    """Return how long it ran, or has been running; a dash if it never began."""
    if "start_time" not in row:
        return "-"
    end = moment(row["end_time"]) if "end_time" in row else datetime.now(UTC)
    seconds = max(0.0, (end - moment(row["start_time"])).total_seconds())
    if seconds < 60:
        return f"{seconds:.2f}s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes}m" if hours else f"{minutes}m {seconds}s"


def moment(text: str) -> datetime:
    """Read an RFC 3339 time; the wire has up to nine digits, Python six."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")
