"""Which flow runs a command is about, as people say it on a command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

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
        help="Only runs of this flow. May be repeated.",
    ),
    click.option(
        "--tag",
        "tags",
        multiple=True,
        metavar="TAG",
        help="Only runs that have this tag. May be repeated: all of them.",
    ),
    click.option("--name", default="", metavar="TEXT", help="Only runs with this in the name."),
)


def selection_options(command: F) -> F:
    """Give a command the options whose values make a Selection."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
