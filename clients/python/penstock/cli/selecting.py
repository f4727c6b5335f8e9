"""Which flow runs a command is about, as people say it on a command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from penstock.cli.names import flow_names, name_part, tag_names
from penstock.cli.times import Moment

F = TypeVar("F", bound=Callable[..., Any])

STATES = (
    "SCHEDULED",
    "PENDING",
    "RUNNING",
    "COMPLETED",
    "FAILED",
    "CANCELLED",
    "CRASHED",
    "PAUSED",
    "CANCELLING",
)


_OPTIONS = (
    click.option(
        "--state",
        "states",
        multiple=True,
        metavar="STATE",
        type=click.Choice(STATES, case_sensitive=False),
        help="Only runs in this state, such as running or failed. May be repeated.",
    ),
    click.option(
        "--flow",
        "flows",
        multiple=True,
        metavar="NAME",
        callback=flow_names,
        help="Only runs of this flow. May be repeated.",
    ),
    click.option(
        "--tag",
        "tags",
        multiple=True,
        metavar="TAG",
        callback=tag_names,
        help="Only runs that have this tag. May be repeated: all of the tags.",
    ),
    click.option(
        "--name",
        default="",
        metavar="TEXT",
        callback=name_part,
        help="Only runs whose name contains this.",
    ),
    click.option(
        "--since",
        type=Moment(),
        metavar="TIME",
        help="Only runs created since: 30m, 2h, 7d, or a date such as 2026-01-31T08:00.",
    ),
)


def selection_options(command: F) -> F:
    """Give a command the options whose values make a Selection."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
