"""`penstock flow-run logs`: what a run wrote, and writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import click

from penstock.cli.exits import say
from penstock.cli.flow_runs import flow_run_argument
from penstock.cli.output import Row, output_option, print_json, print_json_line
from penstock.cli.patience import PASSING, Patience
from penstock.cli.services import ask, part
from penstock.client.logs import Logs

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
COLOURS = {10: "bright_black", 30: "yellow", 40: "red", 50: "red"}


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
    asked, run, min_level = part(Logs), str(flow_run_id), LEVELS[level]
    if follow:
        pages = _followed(asked, run, min_level)
    else:
        pages = asked.written(run, min_level=min_level)
    if output == "json" and not follow:
        print_json(ask(_all_of(pages)))
    else:
        ask(_print(pages, output))


async def _followed(asked: Logs, flow_run_id: str, min_level: int) -> AsyncIterator[list[Row]]:
    """Yield what the run has written and writes, until its log is complete."""
    again = f"penstock flow-run logs --follow {flow_run_id}"
    patience, cursor = Patience(say, again), ""
    while True:
        try:
            async for batch in asked.watch(flow_run_id, cursor, min_level=min_level):
                patience.heard()
                cursor = batch.cursor
                yield batch.lines
                if batch.complete:
                    return
        except PASSING as error:
            if not cursor:
                # Nobody has answered yet.
                raise
            await patience.missed(error)


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
