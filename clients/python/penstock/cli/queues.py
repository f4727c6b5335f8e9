"""`penstock queue …`: the lanes of a work pool."""

from __future__ import annotations

import click

from penstock.cli.helpful import Helpful
from penstock.cli.names import POOL, QUEUE
from penstock.cli.output import Column, ago, output_option, show, show_one
from penstock.cli.services import ask, part
from penstock.client.work_pools import WorkPools

COLUMNS = (
    Column("Name", lambda queue: queue["name"]),
    Column("Priority", lambda queue: str(queue["priority"])),
    Column("Created", lambda queue: ago(queue, "create_time")),
)
pool_argument = click.argument("pool", type=POOL)
name_argument = click.argument("name", type=QUEUE)


@click.command(cls=Helpful)
@pool_argument
@output_option
def ls(pool: str, output: str) -> None:
    found = ask(part(WorkPools).get(pool))
    show([found["work_queues"]], COLUMNS, output=output, empty="no work queues")


@click.command(cls=Helpful)
@pool_argument
@name_argument
@click.option(
    "--priority",
    default=1,
    show_default=True,
    metavar="NUMBER",
    type=click.IntRange(1, 1_000_000),
    help="A smaller number is more urgent.",
)
@output_option
def create(pool: str, name: str, priority: int, output: str) -> None:
    made = ask(part(WorkPools).create_queue(pool, name, priority=priority))
    show_one(made, f"Created work queue {name} in work pool {pool}", output=output)


@click.command(cls=Helpful)
@pool_argument
@name_argument
@output_option
def delete(pool: str, name: str, output: str) -> None:
    left = ask(part(WorkPools).delete_queue(pool, name))
    show_one(left, f"Deleted work queue {name} in work pool {pool}", output=output)
