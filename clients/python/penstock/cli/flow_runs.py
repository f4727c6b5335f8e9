"""`penstock flow-run …`: what runs and what ran."""

from __future__ import annotations

from typing import Any

import click

from penstock.cli.exits import DONE
from penstock.cli.finding import flow_run_argument, flow_run_id
from penstock.cli.following import TERMINAL
from penstock.cli.helpful import Helpful
from penstock.cli.output import (
    Column,
    Row,
    ago,
    output_option,
    show,
    state_cell,
    state_name,
    terminal_width,
    took,
)
from penstock.cli.printing import print_json, put
from penstock.cli.selecting import selection_options
from penstock.cli.services import ask, ask_pages, part
from penstock.client.flow_runs import FlowRuns
from penstock.client.selection import Selection

# Of time-ordered ids, enough to tell one from all others.
SHORT_ID = 18
WIDE = 100
COLUMNS = (
    Column("ID", lambda run: run["id"] if _has_room() else run["id"][:SHORT_ID]),
    Column("Flow", lambda run: run["spec"]["flow_name"], may_be_cut=True),
    Column("Name", lambda run: run["name"], may_be_cut=True),
    Column("State", lambda run: state_cell(run["state"])),
    Column("Created", lambda run: ago(run, "create_time")),
    Column("Took", took, may_be_left_out=True),
)


def _has_room() -> bool:
    width = terminal_width()
    return width is None or width >= WIDE


@click.command(cls=Helpful)
@selection_options
@click.option(
    "--limit",
    default=50,
    show_default=True,
    metavar="COUNT",
    type=click.IntRange(1, 10_000),
    help="The most runs to list.",
)
@output_option
def ls(limit: int, output: str, **selected: Any) -> None:
    selection = Selection(**selected)
    asked = part(FlowRuns).newest(selection, limit=limit, full=output == "json")
    hint = "no flow runs yet: run a flow with `penstock run FILE.py:FLOW`"
    empty = hint if selection.everything else "no runs match"
    show(ask_pages(asked), COLUMNS, output=output, empty=empty)


@click.command(cls=Helpful)
@flow_run_argument
@click.option("--logs", is_flag=True, help="Show its log too.")
@output_option
def watch(wanted: str, logs: bool, output: str) -> int:
    """Show a run's tasks live until it ends; exit 1 unless it completes.

    In a pipe, print a line for each new state; with -o json, a JSON object for each.
    """
    from penstock.cli.watching import watch_to_end

    return watch_to_end(flow_run_id(wanted), output, logs=logs)


@click.command(cls=Helpful)
@flow_run_argument
@click.option(
    "--watch", is_flag=True, help="Wait until it has ended; exit 1 unless it is Cancelled."
)
@output_option
def cancel(wanted: str, watch: bool, output: str) -> int:
    """Cancel a run, and print the state that it is in then.

    A waiting run is Cancelled at once. A running one is Cancelling until its worker
    has ended it.
    """
    chosen = flow_run_id(wanted)
    before, after = ask(_cancel(part(FlowRuns), chosen))
    if watch:
        from penstock.cli.watching import watch_to_end

        return watch_to_end(chosen, output, wanted="CANCELLED")
    if output == "json":
        print_json(after)
    elif before["state"]["state_type"] in TERMINAL:
        put(f"The run had already ended: it is {state_name(after['state'])}.")
    else:
        put(f"The run is {state_name(after['state'])}.")
    return DONE


async def _cancel(runs: FlowRuns, flow_run_id: str) -> tuple[Row, Row]:
    before = await runs.get(flow_run_id)
    return before, await runs.cancel(flow_run_id)
