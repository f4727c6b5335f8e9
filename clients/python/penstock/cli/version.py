"""`penstock version`."""

from __future__ import annotations

import platform
from importlib.metadata import version as installed

import click

from penstock.cli.helpful import Helpful
from penstock.cli.output import output_option
from penstock.cli.printing import print_json, put


@click.command(cls=Helpful)
@output_option
def version(output: str) -> None:
    found = {"penstock": installed("penstock"), "python": platform.python_version()}
    if output == "json":
        print_json(found)
    else:
        put(f"Penstock {found['penstock']} on Python {found['python']}")
