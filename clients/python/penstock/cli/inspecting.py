"""`penstock flow-run inspect`: one run, its tasks, its failure and its history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from penstock.cli.failures import failure_lines, given, headline, reason, stacks
from penstock.cli.finding import flow_run_argument, flow_run_id
from penstock.cli.following import below
from penstock.cli.helpful import Helpful
from penstock.cli.output import Column, Row, output_option, show, state_cell
from penstock.cli.printing import Styled, print_json_object, put, put_all
from penstock.cli.services import ask, ask_pages, part
from penstock.cli.task_tree import tree
from penstock.client.flow_runs import FlowRuns
from penstock.client.task_runs import TaskRuns
from penstock.client.transitions import Transitions
from penstock.client.workers import Workers

# As many as the scheduler looks up at once.
MOST_WORKERS = 250


def _attempt(row: Row) -> str:
    """Return its number, and why there was another one after the first."""
    cause = row["attempt_cause"]
    said = "" if cause in ("UNSPECIFIED", "FIRST") else f" ({cause.lower()})"
    return f"{row['attempt']}{said}"


def _actor(actor: Row, workers: Mapping[str, str]) -> str:
    """Return its kind, and what people call it; a script's session has but an id."""
    called = workers.get(actor["id"], actor["id"])
    return f"{actor['kind'].lower()} {called}".rstrip()


def _columns(workers: Mapping[str, str]) -> Sequence[Column]:
    return (
        Column("State", lambda each: state_cell(each["state"])),
        Column("When", lambda each: each["state"]["time"]),
        Column("Attempt", _attempt),
        Column("By", lambda each: _actor(each["actor"], workers) if "actor" in each else ""),
        Column("Message", reason, may_be_cut=True),
    )


@click.command(cls=Helpful)
@flow_run_argument
@output_option
def inspect(wanted: str, output: str) -> None:
    chosen = flow_run_id(wanted)
    run = ask(part(FlowRuns).get(chosen))
    tasks = ask_pages(part(TaskRuns).all(chosen, full=output == "json"))
    history = ask_pages(part(Transitions).history(chosen))
    if output == "json":
        print_json_object(run, {"task_runs": tasks, "transitions": history})
        return
    known = [task for page in tasks for task in page]
    family, _ = ask(part(FlowRuns).below_and_cursor(run["root_flow_run_id"] or chosen))
    put_all(tree(run, [*known, *below(chosen, family)], edges=True))
    told = list(history)
    workers = _workers(run, told)
    for name, value in _facts(run, workers).items():
        if value:
            put(Styled(f"{name}: ", bold=True), value)
    if any("failure" in task for task in known):
        _show_failed_tasks(ask_pages(part(TaskRuns).failed(chosen)))
    if "failure" in run:
        _show_failure("failure: ", run["failure"])
    show(told, _columns(workers), output=output, empty="")


def _show_failed_tasks(pages: Iterable[Sequence[Row]]) -> None:
    """Print what ended each, with its stack the first time that it is told."""
    first_with: dict[int, str] = {}
    for task in (task for page in pages for task in page if "failure" in task):
        failure, name = task["failure"], task["name"]
        first = first_with.setdefault(hash(stacks(failure)), name)
        if first == name:
            _show_failure(f"{name} failed: ", failure)
        else:
            inputs = f", with {said}" if (said := given(failure)) else ""
            told = f"{headline(failure)}{inputs}, at the same place as {first}"
            put(Styled(f"{name} failed: ", bold=True), told)


def _show_failure(heading: str, failure: Row) -> None:
    first, *more = failure_lines(failure)
    put(Styled(heading, bold=True), first)
    put_all([line] for line in more)


def _facts(run: Row, workers: Mapping[str, str]) -> dict[str, str]:
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
        "made by": _actor(run["creator"], workers) if "creator" in run else "",
        "session": run["session_id"],
        "worker": workers.get(run["session_id"], ""),
        "trace": run["traceparent"],
    }


def _workers(run: Row, history: Iterable[Sequence[Row]]) -> Mapping[str, str]:
    """Return the name, host and process of each worker that had the run, by session."""
    # Where no run was ever handed out, to ask the scheduler would first make its tables.
    if not run["spec"]["work_pool"]:
        return {}
    actors = [each["actor"] for page in history for each in page if "actor" in each]
    sessions = {run["session_id"]} | {it["id"] for it in actors if it["kind"] == "WORKER"}
    # The latest: a run that many lost has a history of any length.
    known = sorted(filter(None, sessions))[-MOST_WORKERS:]
    return ask(part(Workers).named(known)) if known else {}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""
