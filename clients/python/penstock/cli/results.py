"""`penstock result`: what a flow run returned."""

from __future__ import annotations

import click

from penstock.cli.finding import flow_run_id, is_id
from penstock.cli.helpful import Helpful
from penstock.cli.output import Row, full_name, output_option, state_name
from penstock.cli.printing import print_json, put
from penstock.cli.services import ask, part
from penstock.client.flow_runs import FlowRuns
from penstock.client.results import Results
from penstock.errors import FlowRunNotFound, ResultNotFound
from penstock.payloads.values import JSON


@click.command(cls=Helpful)
@click.argument("wanted", metavar="RUN")
@click.option(
    "--load",
    is_flag=True,
    help="Also print Python objects: loading one runs code of whoever stored it.",
)
@output_option
def result(wanted: str, load: bool, output: str) -> None:
    """Print what a flow run returned, as JSON if possible.

    RUN is a run's name, its id, the first letters of one, `latest`, or the id of a result.
    """
    result_id, results = _result_id(wanted), part(Results)
    found = ask(results.shown(result_id))
    if found.content_type == JSON or output == "json":
        print_json(found.shown)
    elif load:
        put(repr(ask(results.value(result_id))))
    else:
        size = found.shown["size"]
        put(f"a Python object of {size} bytes ({found.content_type}): use --load to show it")


def _result_id(wanted: str) -> str:
    try:
        run = ask(part(FlowRuns).get(flow_run_id(wanted)))
    except FlowRunNotFound:
        if is_id(wanted):
            return wanted
        raise
    return _of(run)


def _of(run: Row) -> str:
    if not run["result_id"]:
        raise ResultNotFound(
            f"flow run {full_name(run)} is {state_name(run['state'])} and has no stored result"
        )
    return str(run["result_id"])
