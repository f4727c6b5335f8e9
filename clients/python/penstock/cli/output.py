"""How readers print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

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

output_option = click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print.",
)


class Column(NamedTuple):
    """A heading, and the cell that a row has under it."""

    heading: str
    cell: Callable[[Row], str | Text]


def show(rows: Sequence[Row], columns: Sequence[Column], *, output: str, empty: str) -> None:
    """Print rows; `empty` says what to do when there are none."""
    if output == "json":
        print_json(rows)
        return
    if not rows:
        click.echo(empty, err=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.heading, overflow="fold")
    for row in rows:
        table.add_row(*(column.cell(row) for column in columns))
    console().print(table)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def console() -> Console:
    """A terminal as wide as it is; lines in a pipe are not folded."""
    return Console(width=None if sys.stdout.isatty() else 200, highlight=False)


def state_text(state: Row) -> Text:
    """Return the state's name in its colour."""
    return Text(state_name(state), style=COLOURS.get(state["type"], ""))


def state_name(state: Row) -> str:
    name: str = state["name"] or state["type"].capitalize()
    return name


def ago(row: Row, field: str) -> str:
    """Return how long ago, in the largest unit; a dash for never."""
    if field not in row:
        return "-"
    seconds = (datetime.now(UTC) - moment(row[field])).total_seconds()
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit} ago"
    return f"{max(0.0, seconds):.0f} s ago"


def took(row: Row) -> str:
    """Return how long it ran, or has been running; a dash if it never began."""
    if "start_time" not in row:
        return "-"
    end = moment(row["end_time"]) if "end_time" in row else datetime.now(UTC)
    seconds = (end - moment(row["start_time"])).total_seconds()
    return (
        f"{seconds:.2f} s" if seconds < 60 else f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    )


def moment(text: str) -> datetime:
    """Read an RFC 3339 time; the wire has up to nine digits, Python six."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")
