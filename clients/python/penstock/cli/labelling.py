"""Tags that a command gives to runs."""

from __future__ import annotations

import click

from penstock.cli.names import tag_names

tag_option = click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    callback=tag_names,
    help="A tag for its runs. May be repeated.",
)
