"""Tags that a command gives to runs."""

from __future__ import annotations

import click

from penstock.ground.labels import checked_tags


def _checked(_context: object, _option: object, tags: tuple[str, ...]) -> tuple[str, ...]:
    try:
        checked_tags(tags)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return tags


tag_option = click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    callback=_checked,
    help="A word to find its runs by. May be repeated.",
)
