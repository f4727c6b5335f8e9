"""`penstock up` and `penstock executor start`: they become the server's own process."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from penstock.cli.helpful import Helpful
from penstock.ground.settings import store_folder

DATABASE = "PENSTOCK_DATABASE"

listen_insecure = click.option(
    "--insecure",
    is_flag=True,
    help="Allow an address that other machines can reach, though there is no "
    "authentication yet.",
)


log_level = click.option(
    "--log-level",
    default="warning",
    show_default=True,
    type=click.Choice(["debug", "info", "warning"]),
    help="The lowest level of events to print; warnings are those that need attention.",
)


@click.command(cls=Helpful)
@click.option(
    "--port",
    default=7470,
    show_default=True,
    metavar="PORT",
    type=click.IntRange(0, 65_535),
    help="With --separate the next four ports are used too: 7471 to 7474.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--separate",
    is_flag=True,
    help="Run state, scheduler, artifact and executor as four processes, in this "
    "order on the four ports after PORT; PORT forwards to them.",
)
@click.option(
    "--database",
    default="",
    metavar="URL",
    help="postgresql://… or sqlite:///path; by default a file in the data folder.",
)
@click.option(
    "--socket-only",
    is_flag=True,
    help="Use no port: only programs of this user can reach it, by a socket in "
    "the data folder.",
)
@listen_insecure
@log_level
def up(
    port: int,
    host: str,
    separate: bool,
    database: str,
    socket_only: bool,
    insecure: bool,
    log_level: str,
) -> None:
    """Serve everything on this machine, with a process pool called local-pool."""
    environment = {**os.environ, "PENSTOCK_LOG_LEVEL": log_level}
    environment |= {DATABASE: database} if database else {}
    where = ["--socket-only"] if socket_only else ["--listen", f"{host}:{port}"]
    arguments = ["all", *where]
    arguments += ["--separate"] if separate else []
    _become(arguments, environment, insecure=insecure)


@click.command(cls=Helpful)
@click.option("--pool", default="local-pool", show_default=True, help="The pool to serve.")
@click.option(
    "--slots",
    default=4,
    show_default=True,
    metavar="COUNT",
    type=click.IntRange(1, 10_000),
    help="How many runs to run at the same time.",
)
@click.option(
    "--listen",
    default="127.0.0.1:0",
    metavar="HOST:PORT",
    show_default=True,
    help="Where to listen; port 0 is any free port.",
)
@listen_insecure
@log_level
def executor(pool: str, slots: int, listen: str, insecure: bool, log_level: str) -> None:
    """Start an executor for a work pool; PENSTOCK_ADDRESS says where the services are."""
    environment = {
        "PENSTOCK_EXECUTOR_WORK_POOL": pool,
        "PENSTOCK_EXECUTOR_SLOTS": str(slots),
        "PENSTOCK_LOG_LEVEL": log_level,
    }
    # Its password would be there for every flow that runs beside it.
    inherited = {key: value for key, value in os.environ.items() if key != DATABASE}
    _become(["executor", "--listen", listen], {**inherited, **environment}, insecure=insecure)


def _become(arguments: Sequence[str], environment: dict[str, str], *, insecure: bool) -> None:
    command = [sys.executable, "-m", "penstockd", *arguments, "--store", str(store_folder())]
    command += ["--insecure"] if insecure else []
    # The same process goes on, so that signals and the exit code are the server's own.
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own
