"""`penstock flow-run inspect`: one run, its tasks, its failure and its history."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.text import Text

from penstock.cli.failures import failure_lines, given, headline, reason
from penstock.cli.flow_runs import flow_run_argument
from penstock.cli.live_tree import tree
from penstock.cli.output import Column, Row, output_option, print_json, show, state_cell
from penstock.cli.services import ask, here
from penstock.client.connection import Connection
from penstock.client.flow_runs import FlowRuns
from penstock.client.task_runs import TaskRuns
from penstock.client.transitions import Transitions


def _attempt(row: Row) -> str:
    """Return its number, and why there was another one after the first."""
    cause = row["attempt_cause"]
    said = "" if cause in ("UNSPECIFIED", "FIRST") else f" ({cause.lower()})"
    return f"{row['attempt']}{said}"


def _actor(row: Row, field: str = "actor") -> str:
    if field not in row:
        return ""
    actor = row[field]
    return f"{actor['kind'].lower()} {actor['id']}".rstrip()


HISTORY = (
    Column("State", lambda each: state_cell(each["state"])),
    Column("When", lambda each: each["state"]["time"]),
    Column("Attempt", _attempt),
    Column("By", _actor),
    Column("Message", reason, may_be_cut=True),
)
# Lines in a pipe are not folded.
WIDE = 10_000


@click.command()
@flow_run_argument
@output_option
def inspect(flow_run_id: UUID, output: str) -> None:
    asked = _everything(here(), str(flow_run_id), full=output == "json")
    run, tasks, history = ask(asked)
    if output == "json":
        print_json({**run, "task_runs": tasks, "transitions": history})
        return
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    console.print(tree(run, tasks, edges=True))
    for name, value in (*_facts(run).items(), *_failures(run, tasks)):
        if value:
            console.print(Text.assemble((f"{name}: ", "bold"), value))
    show(history, HISTORY, output=output, empty="")


def _facts(run: Row) -> dict[str, str]:
    spec = run["spec"]
    deployment, version = run["deployment_id"], run["deployment_version"]
    return {
        "id": run["id"],
        "parameters": _json(spec["parameters"]),
        "tags": ", ".join(spec["tags"]),
        "labels": _json(spec["labels"]),
        "deployment": deployment and f"{deployment}, version {version}",
        "work pool": "/".join(filter(None, (spec["work_pool"], spec["work_queue"]))),
        "result": run["result_id"],
        "attempt": _attempt(run) if run["attempt"] else "",
        "made by": _actor(run, "creator"),
        "session": run["session_id"],
        "trace": run["traceparent"],
    }


def _failures(run: Row, tasks: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """Yield what ended task runs badly in a line each, and the run itself in full."""
    for task in tasks:
        if "failure" in task:
            inputs = given(task["failure"])
            said = headline(task["failure"])
            yield f"{task['name']} failed", f"{said}, with {inputs}" if inputs else said
    if "failure" in run:
        yield "failure", "\n".join(failure_lines(run["failure"]))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


async def _everything(
    connection: Connection, flow_run_id: str, *, full: bool
) -> tuple[Row, list[Row], list[Row]]:
    run = await connection.part(FlowRuns).get(flow_run_id)
    tasks, _ = await connection.part(TaskRuns).all_and_cursor(flow_run_id, full=full)
    return run, tasks, await connection.part(Transitions).history(flow_run_id)
