"""`penstock executor ls`: the executors of all work pools."""

from __future__ import annotations

import click

from penstock.cli.helpful import Helpful
from penstock.cli.names import POOL
from penstock.cli.output import output_option, show
from penstock.cli.pools import WORKERS
from penstock.cli.services import ask_pages, part
from penstock.client.workers import Workers


@click.command(cls=Helpful)
@click.option(
    "--pool", default=None, metavar="NAME", type=POOL, help="Only those of this pool."
)
@click.option("--all", "dead_too", is_flag=True, help="Also those that have ended.")
@output_option
def ls(pool: str | None, dead_too: bool, output: str) -> None:
    """List the workers of all work pools, newest first, and what they can start."""
    workers = part(Workers)
    if pool:
        pages = workers.of_pool(pool, alive_only=not dead_too)
    else:
        pages = workers.all(alive_only=not dead_too)
    empty = (
        "no live executors: start one with `penstock executor start --pool "
        "NAME`, or `penstock up`"
    )
    show(ask_pages(pages), WORKERS, output=output, empty=empty)
