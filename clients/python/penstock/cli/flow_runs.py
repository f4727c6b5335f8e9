"""`penstock flow-run …`: what runs, what ran, and what it wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import click

from penstock.cli.exits import DONE, say
from penstock.cli.following import TERMINAL, Following
from penstock.cli.output import (
    Column,
    Row,
    ago,
    output_option,
    print_json,
    print_json_line,
    show,
    state_cell,
    state_name,
    took,
)
from penstock.cli.services import ask
from penstock.cli.wire.state import FlowRuns, flow_runs

STATES = [
    "SCHEDULED",
    "PENDING",
    "RUNNING",
    "COMPLETED",
    "FAILED",
    "CANCELLED",
    "CRASHED",
    "PAUSED",
    "CANCELLING",
]
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
COLOURS = {10: "bright_black", 30: "yellow", 40: "red", 50: "red"}

COLUMNS = (
    Column("ID", lambda run: run["id"]),
    Column("Flow", lambda run: run["flow_name"], may_be_cut=True),
    Column("Name", lambda run: run["name"], may_be_cut=True),
    Column("State", lambda run: state_cell(run["state"])),
    Column("Created", lambda run: ago(run, "create_time")),
    Column("Took", took),
)

flow_run_argument = click.argument("flow_run_id", metavar="ID", type=click.UUID)


@click.command()
@click.option(
    "--state",
    "states",
    multiple=True,
    metavar="STATE",
    type=click.Choice(STATES, case_sensitive=False),
    help="Only runs in this state, such as running or failed. May be repeated.",
)
@click.option("--flow", default="", metavar="NAME", help="Only runs of this flow.")
@click.option(
    "--limit",
    default=50,
    show_default=True,
    metavar="COUNT",
    type=click.IntRange(1, 10_000),
    help="At most so many.",
)
@output_option
def ls(states: tuple[str, ...], flow: str, limit: int, output: str) -> None:
    rows = ask(flow_runs().newest(states=states, flow=flow, limit=limit))
    chosen = states or flow
    empty = "no such flow runs" if chosen else "no flow runs yet: `penstock run FILE.py:FLOW`"
    show(rows, COLUMNS, output=output, empty=empty)


@click.command()
@flow_run_argument
@output_option
def watch(flow_run_id: UUID, output: str) -> int:
    """Show a run's tasks live until it ends; exit 1 unless it completes.

    In a pipe, print a line for each new state; with -o json, a JSON object for each.
    """
    from penstock.cli.watching import watch_to_end

    return watch_to_end(str(flow_run_id), output)


@click.command()
@flow_run_argument
@click.option(
    "--level",
    default="debug",
    show_default=True,
    type=click.Choice(list(LEVELS)),
    help="Only lines of at least this level.",
)
@click.option("-f", "--follow", is_flag=True, help="Go on until the run has ended.")
@output_option
def logs(flow_run_id: UUID, level: str, follow: bool, output: str) -> None:
    """Print what a run wrote. With --follow, -o json prints a JSON object a line."""
    runs, min_level = flow_runs(), LEVELS[level]
    if follow:
        following = Following(runs, str(flow_run_id), tell=say)
        pages = following.lines(min_level=min_level)
    else:
        pages = _written(runs, str(flow_run_id), min_level)
    if output == "json" and not follow:
        print_json(ask(_all_of(pages)))
    else:
        ask(_print(pages, output))


@click.command()
@flow_run_argument
@click.option("--watch", is_flag=True, help="Wait for the end; exit 1 unless it is Cancelled.")
@output_option
def cancel(flow_run_id: UUID, watch: bool, output: str) -> int:
    """Ask for the end of a run, and print the state that it is in then.

    A run that waits is Cancelled at once. A run that runs is Cancelling until its worker
    has ended it.
    """
    before, after = ask(_cancel(flow_runs(), str(flow_run_id)))
    if watch:
        from penstock.cli.watching import watch_to_end

        return watch_to_end(str(flow_run_id), output, wanted="CANCELLED")
    if output == "json":
        print_json(after)
    elif before["type"] in TERMINAL:
        click.echo(f"The run had ended before: it is {state_name(after)}.")
    else:
        click.echo(f"The run is {state_name(after)}.")
    return DONE


async def _cancel(runs: FlowRuns, flow_run_id: str) -> tuple[Row, Row]:
    before = (await runs.get(flow_run_id))["state"]
    return before, await runs.cancel(flow_run_id)


async def _written(
    runs: FlowRuns, flow_run_id: str, min_level: int
) -> AsyncIterator[list[Row]]:
    token, more = "", True
    while more:
        lines, token, more = await runs.log_page(flow_run_id, token, min_level=min_level)
        yield lines


async def _all_of(pages: AsyncIterator[list[Row]]) -> list[Row]:
    return [line async for page in pages for line in page]


async def _print(pages: AsyncIterator[list[Row]], output: str) -> None:
    async for page in pages:
        for line in page:
            if output == "json":
                print_json_line(line)
            else:
                text = f"{line['time']}  {line['logger']}  {line['message']}"
                click.secho(text, fg=COLOURS.get(line["level"]))
