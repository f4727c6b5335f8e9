"""`penstock`: the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import penstock
from penstock.cli.exits import EXPLAINED, told
from penstock.cli.lazy_group import LazyGroup
from penstock.cli.printing import put
from penstock.cli.streams import open_what_is_closed

HELP = """Penstock runs flows and shows what happened.

Without an address everything runs in this process, with the store in your data folder.
Set PENSTOCK_ADDRESS=host:port to talk to a server, such as one of `penstock up`.
"""
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _show_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        put(f"Penstock {penstock.__version__}")
        context.exit()


VERSION = click.Option(
    ["--version"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Print the version and exit.",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    open_what_is_closed()
    group = LazyGroup(
        name="penstock",
        help=HELP,
        epilog=EXPLAINED,
        context_settings=CONTEXT,
        params=[VERSION],
    )
    sys.exit(told(lambda: group.main(arguments, "penstock", standalone_mode=False)))


if __name__ == "__main__":
    main()
