"""`penstock flow-run delete`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from penstock.cli.exits import BAD_INPUT, DONE, NOT_FOUND, say
from penstock.cli.finding import flow_run_id
from penstock.cli.helpful import Helpful
from penstock.cli.output import Row, output_option
from penstock.cli.printing import print_json_list, put
from penstock.cli.services import ask, part
from penstock.client.flow_runs import FlowRuns
from penstock.errors import FlowRunNotFound

AT_ONCE = 250

DONE_WITH = {
    "DELETED": "Deleted flow run",
    "CANCELLING": "Cancelling, then deleting flow run",
}
REFUSED = {
    "IN_USE": "has not ended, so it was not deleted: use --cancel to cancel it first",
    "NOT_FOUND": "does not exist",
}


@click.command(cls=Helpful)
@click.argument("wanted", metavar="RUN...", nargs=-1, required=True)
@click.option("--cancel", is_flag=True, help="First cancel runs that have not ended.")
@output_option
def delete(wanted: tuple[str, ...], cancel: bool, output: str) -> int:
    """Delete flow runs with their tasks, history and log, up to 250 at once.

    Exit 2 if a run has not ended, 4 if one does not exist; the other runs are deleted.
    """
    if len(wanted) > AT_ONCE:
        raise click.UsageError(
            f"{len(wanted)} runs are too many: delete at most {AT_ONCE} at once"
        )
    chosen, unknown = _chosen(wanted)
    results = ask(part(FlowRuns).delete(chosen, cancel=cancel)) if chosen else []
    if output == "json":
        print_json_list([results])
    else:
        _tell(results)
    return _code({each["outcome"] for each in results} | unknown)


def _chosen(wanted: Sequence[str]) -> tuple[list[str], set[str]]:
    """Return the ids of those that are meant, and what became of the others."""
    chosen: dict[str, None] = {}
    unknown: set[str] = set()
    for each in wanted:
        try:
            chosen[flow_run_id(each)] = None
        except FlowRunNotFound as error:
            say(str(error))
            unknown.add("NOT_FOUND")
    return [*chosen], unknown


def _tell(results: Sequence[Row]) -> None:
    for each in results:
        run, outcome = each["flow_run_id"], each["outcome"]
        if outcome in DONE_WITH:
            put(f"{DONE_WITH[outcome]} {run}")
        else:
            say(f"flow run {run} {REFUSED.get(outcome, f'is {outcome}')}")


def _code(outcomes: set[str]) -> int:
    if "IN_USE" in outcomes:
        return BAD_INPUT
    return NOT_FOUND if "NOT_FOUND" in outcomes else DONE
