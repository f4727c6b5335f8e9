"""`penstock version`."""

from __future__ import annotations

import platform
from importlib.metadata import version as installed

import click

from penstock.cli.output import output_option, print_json


@click.command()
@output_option
def version(output: str) -> None:
    found = {"penstock": installed("penstock"), "python": platform.python_version()}
    if output == "json":
        print_json(found)
    else:
        click.echo(f"Penstock {found['penstock']} on Python {found['python']}")
