"""`penstock flow-run inspect`: one run, its tasks and its history."""

from __future__ import annotations

import sys
from uuid import UUID

import click
from rich.console import Console
from rich.text import Text

from penstock.cli.flow_runs import flow_run_argument
from penstock.cli.live_tree import tree
from penstock.cli.output import Column, Row, output_option, print_json, show, state_cell
from penstock.cli.services import ask
from penstock.cli.wire.state import FlowRuns, flow_runs

HISTORY = (
    Column("State", lambda each: state_cell(each["state"])),
    Column("When", lambda each: each["state"]["time"]),
    Column("Attempt", lambda each: str(each["attempt"])),
    Column("By", lambda each: each["actor"]),
    Column("Message", lambda each: each["state"]["message"], may_be_cut=True),
)
# Lines in a pipe are not folded.
WIDE = 10_000


@click.command()
@flow_run_argument
@output_option
def inspect(flow_run_id: UUID, output: str) -> None:
    run, tasks, history = ask(_everything(flow_runs(), str(flow_run_id)))
    if output == "json":
        print_json({**run, "task_runs": tasks, "transitions": history})
        return
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    console.print(tree(run, tasks))
    for name, value in _facts(run).items():
        if value not in ("", [], None, 0):
            console.print(Text.assemble((f"{name}: ", "bold"), str(value)))
    show(history, HISTORY, output=output, empty="")


def _facts(run: Row) -> Row:
    return {
        "id": run["id"],
        "parameters": run.get("parameters"),
        "tags": run["tags"],
        "deployment": run["deployment_id"],
        "work pool": run["work_pool"],
        "result": run["result_id"],
        "attempt": run["attempt"],
        "fence": run["fence"],
        "trace": run["traceparent"],
    }


async def _everything(runs: FlowRuns, flow_run_id: str) -> tuple[Row, list[Row], list[Row]]:
    run = await runs.get(flow_run_id)
    return run, await runs.task_runs(flow_run_id), await runs.transitions(flow_run_id)
