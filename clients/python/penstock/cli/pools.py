"""`penstock pool …`: where runs of deployments wait for workers."""

from __future__ import annotations

from shlex import quote

import click

from penstock.cli.output import Column, ago, output_option, print_json, show
from penstock.cli.services import ask
from penstock.cli.wire.scheduler import work_pools

COLUMNS = (
    Column("Name", lambda pool: pool["name"]),
    Column("Type", lambda pool: pool["type"]),
    Column("Queues", lambda pool: ", ".join(each["name"] for each in pool["work_queues"])),
    Column("Live workers", lambda pool: str(pool["live_workers"])),
    Column("Created", lambda pool: ago(pool, "create_time")),
)


@click.command()
@output_option
def ls(output: str) -> None:
    rows = ask(work_pools().all())
    show(rows, COLUMNS, output=output, empty="no work pools yet: `penstock pool create NAME`")


@click.command()
@click.argument("name")
@click.option(
    "--type",
    "kind",
    default="process",
    show_default=True,
    type=click.Choice(["process"]),
    help="What its workers start for a run.",
)
@click.option("--description", default="", help="For people.")
@output_option
def create(name: str, kind: str, description: str, output: str) -> None:
    pool = ask(work_pools().create(name, type=kind, description=description))
    if output == "json":
        print_json(pool)
    else:
        click.echo(
            f"Work pool {name} is made. "
            f"Serve it: `penstock executor start --pool {quote(name)}`"
        )
