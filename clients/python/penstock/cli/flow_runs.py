"""`penstock flow-run …`: what runs, what ran, and how it went."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.text import Text

from penstock.cli.exits import FAILED
from penstock.cli.live_tree import show_live, tree
from penstock.cli.output import (
    Column,
    ago,
    console,
    output_option,
    print_json,
    show,
    state_name,
    state_text,
    took,
)
from penstock.cli.services import ask, flow_runs
from penstock.cli.wire.state import FlowRuns

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
MARKS = {10: "dim", 20: "", 30: "yellow", 40: "red", 50: "red bold"}

COLUMNS = (
    Column("ID", lambda run: run["id"]),
    Column("Flow", lambda run: run["flow_name"]),
    Column("Name", lambda run: run["name"]),
    Column("State", lambda run: state_text(run["state"])),
    Column("Created", lambda run: ago(run, "create_time")),
    Column("Took", took),
)
HISTORY = (
    Column("State", lambda each: state_text(each["state"])),
    Column("When", lambda each: each["state"]["time"]),
    Column("Attempt", lambda each: str(each["attempt"])),
    Column("By", lambda each: each["actor"]),
    Column("Message", lambda each: each["state"]["message"]),
)


@click.command()
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES, case_sensitive=False),
    help="Only runs in this state. May be repeated.",
)
@click.option("--flow", default="", help="Only runs of this flow.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="At most."
)
@output_option
def ls(states: tuple[str, ...], flow: str, limit: int, output: str) -> None:
    rows = ask(flow_runs().newest(states=states, flow=flow, limit=limit))
    show(rows, COLUMNS, output=output, empty="no flow runs yet: `penstock run FILE.py:FLOW`")


@click.command()
@click.argument("flow_run_id", type=click.UUID)
@output_option
def inspect(flow_run_id: object, output: str) -> None:
    run, tasks, history = ask(_everything(flow_runs(), str(flow_run_id)))
    if output == "json":
        print_json({**run, "task_runs": tasks, "transitions": history})
        return
    console().print(tree(run, tasks))
    facts = {"id": run["id"], "parameters": run.get("parameters"), "tags": run["tags"]}
    facts |= {"attempt": run["attempt"], "fence": run["fence"], "trace": run["traceparent"]}
    for name, value in facts.items():
        if value not in ("", [], None):
            console().print(Text.assemble((f"{name}: ", "bold"), str(value)))
    show(history, HISTORY, output=output, empty="")


@click.command()
@click.argument("flow_run_id", type=click.UUID)
def watch(flow_run_id: object) -> None:
    end_with(ask(show_live(flow_runs().follow(str(flow_run_id)))))


@click.command()
@click.argument("flow_run_id", type=click.UUID)
@click.option(
    "--level",
    default="debug",
    show_default=True,
    type=click.Choice(list(LEVELS)),
    help="Only lines of at least this level.",
)
@output_option
def logs(flow_run_id: object, level: str, output: str) -> None:
    ask(_print_logs(flow_runs(), str(flow_run_id), LEVELS[level], output))


@click.command()
@click.argument("flow_run_id", type=click.UUID)
@output_option
def cancel(flow_run_id: object, output: str) -> None:
    state = ask(flow_runs().cancel(str(flow_run_id)))
    if output == "json":
        print_json(state)
    else:
        click.echo(f"The run is {state_name(state)}.")


def end_with(run: dict[str, Any]) -> None:
    """Exit with 1 unless the run completed."""
    if run["state"]["type"] != "COMPLETED":
        sys.exit(FAILED)


async def _everything(
    runs: FlowRuns, flow_run_id: str
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    run = await runs.get(flow_run_id)
    return run, await runs.task_runs(flow_run_id), await runs.transitions(flow_run_id)


async def _print_logs(runs: FlowRuns, flow_run_id: str, level: int, output: str) -> None:
    async for page in runs.log_lines(flow_run_id, min_level=level):
        for line in page:
            if output == "json":
                click.echo(json.dumps(line, ensure_ascii=False))
            else:
                text = f"{line['time']}  {line['logger']}  {line['message']}"
                console().print(Text(text, style=MARKS.get(line["level"], "")))
