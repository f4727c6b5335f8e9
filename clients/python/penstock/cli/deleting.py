"""`penstock flow-run delete`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import click

from penstock.cli.exits import BAD_INPUT, DONE, NOT_FOUND, say
from penstock.cli.helpful import Helpful
from penstock.cli.output import Row, output_option
from penstock.cli.printing import print_json_list, put
from penstock.cli.services import ask, part
from penstock.client.flow_runs import FlowRuns

AT_ONCE = 250

DONE_WITH = {
    "DELETED": "is deleted",
    "CANCELLING": "is being cancelled, and is deleted once it has ended",
}
REFUSED = {
    "IN_USE": "has not ended, and was left as it is: --cancel ends it first",
    "NOT_FOUND": "does not exist",
}


@click.command(cls=Helpful)
@click.argument("flow_run_ids", metavar="ID...", type=click.UUID, nargs=-1, required=True)
@click.option("--cancel", is_flag=True, help="Cancel those first that have not ended.")
@output_option
def delete(flow_run_ids: tuple[UUID, ...], cancel: bool, output: str) -> int:
    """Delete flow runs with their tasks, history and log, up to 250 at once.

    Exit 2 if one was left because it has not ended, 4 if one does not exist; the others are
    deleted all the same.
    """
    chosen = list(dict.fromkeys(map(str, flow_run_ids)))
    if len(chosen) > AT_ONCE:
        raise click.UsageError(f"{len(chosen)} runs are more than the {AT_ONCE} at once")
    results = ask(part(FlowRuns).delete(chosen, cancel=cancel))
    if output == "json":
        print_json_list([results])
    else:
        _tell(results)
    return _code({each["outcome"] for each in results})


def _tell(results: Sequence[Row]) -> None:
    for each in results:
        run, outcome = each["flow_run_id"], each["outcome"]
        if outcome in DONE_WITH:
            put(f"Flow run {run} {DONE_WITH[outcome]}.")
        else:
            say(f"flow run {run} {REFUSED.get(outcome, f'is {outcome}')}")


def _code(outcomes: set[str]) -> int:
    if "IN_USE" in outcomes:
        return BAD_INPUT
    return NOT_FOUND if "NOT_FOUND" in outcomes else DONE
