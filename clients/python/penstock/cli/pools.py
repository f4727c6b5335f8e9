"""`penstock pool …`: where runs of deployments wait for workers."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

import click

from penstock.cli.helpful import Helpful
from penstock.cli.names import POOL
from penstock.cli.output import Column, Row, ago, output_option, show, show_one
from penstock.cli.printing import Styled
from penstock.cli.services import ask, ask_pages, part
from penstock.client.work_pools import WorkPools
from penstock.client.workers import Workers

COLUMNS = (
    Column("Name", lambda pool: pool["name"]),
    Column("Type", lambda pool: pool["pool_type"]),
    Column(
        "Queues",
        lambda pool: ", ".join(each["name"] for each in pool["work_queues"]),
        may_be_cut=True,
    ),
    Column("Live", lambda pool: str(pool["live_workers"])),
    Column("Created", lambda pool: ago(pool, "create_time")),
)
WORKERS = (
    Column("Worker", lambda worker: worker["manifest"]["name"]),
    Column("Pool", lambda worker: worker["manifest"]["work_pool"], may_be_cut=True),
    Column("Alive", lambda worker: Styled("yes", "green") if worker["alive"] else "no"),
    Column("Slots", lambda worker: str(worker["manifest"]["capacity"]["slots"])),
    Column("Since", lambda worker: ago(worker, "create_time")),
    Column(
        "Queues",
        lambda worker: ", ".join(worker["manifest"]["work_queues"]) or "all",
        may_be_cut=True,
        may_be_left_out=True,
    ),
    Column(
        "Starts",
        lambda worker: ", ".join(_programs(worker)) or "-",
        may_be_cut=True,
        may_be_left_out=True,
    ),
    Column("ID", lambda worker: worker["id"], may_be_cut=True, may_be_left_out=True),
)

pool_argument = click.argument("name", type=POOL)


@click.command(cls=Helpful)
@output_option
def ls(output: str) -> None:
    pages = ask_pages(part(WorkPools).all())
    show(
        pages,
        COLUMNS,
        output=output,
        empty="no work pools yet: create one with `penstock pool create NAME`",
    )


@click.command(cls=Helpful)
@pool_argument
@click.option(
    "--type",
    "pool_type",
    default="process",
    show_default=True,
    type=click.Choice(["process"]),
    help="What its workers start for each run.",
)
@click.option("--description", default="", help="For people.")
@output_option
def create(name: str, pool_type: str, description: str, output: str) -> None:
    pool = ask(part(WorkPools).create(name, pool_type=pool_type, description=description))
    said = f"Created work pool {name}; start a worker with `{_serving(name)}`"
    show_one(pool, said, output=output)


@click.command(cls=Helpful)
@pool_argument
@click.option("--all", "dead_too", is_flag=True, help="Also those that have ended.")
@output_option
def workers(name: str, dead_too: bool, output: str) -> None:
    """List the workers of a pool, newest first, and what they can start."""
    pages = ask_pages(part(Workers).of_pool(name, alive_only=not dead_too))
    show(
        pages,
        WORKERS,
        output=output,
        empty=f"no live workers: start one with `{_serving(name)}`",
    )


@click.command(cls=Helpful)
@pool_argument
@output_option
def delete(name: str, output: str) -> None:
    """Delete a pool that no live worker, deployment or unfinished run uses."""
    pool = ask(part(WorkPools).delete(name))
    show_one(pool, f"Deleted work pool {name}", output=output)


def _serving(pool: str) -> str:
    return f"penstock executor start --pool {quote(pool)}"


def _programs(worker: Row) -> Iterator[str]:
    for program in worker["manifest"]["programs"]:
        yield program.lower()
    for handler in worker["manifest"]["handlers"]:
        yield f"handler {handler['name']}"
