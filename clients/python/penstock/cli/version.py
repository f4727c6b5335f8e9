"""`penstock version`."""

from __future__ import annotations

import platform

import click

import penstock
from penstock.cli.helpful import Helpful
from penstock.cli.output import output_option, show_one


@click.command(cls=Helpful)
@output_option
def version(output: str) -> None:
    found = {"penstock": penstock.__version__, "python": platform.python_version()}
    show_one(found, f"Penstock {found['penstock']} on Python {found['python']}", output=output)
