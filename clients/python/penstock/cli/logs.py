"""`penstock flow-run logs`: what a run wrote, and writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator

import click

from penstock.cli.exits import say
from penstock.cli.finding import flow_run_argument, flow_run_id
from penstock.cli.helpful import Helpful
from penstock.cli.output import Row, output_option
from penstock.cli.patience import PASSING, Patience
from penstock.cli.printing import Line, Styled, print_json_line, print_json_list, put_all
from penstock.cli.services import ask_pages, part
from penstock.client.logs import Logs
from penstock.ground.printable import continued

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
COLOURS = {10: "bright_black", 30: "yellow", 40: "red", 50: "red"}


@click.command(cls=Helpful)
@flow_run_argument
@click.option(
    "--level",
    default="debug",
    show_default=True,
    type=click.Choice(list(LEVELS)),
    help="Only lines of at least this level.",
)
@click.option("-f", "--follow", is_flag=True, help="Print new lines until the run has ended.")
@output_option
def logs(wanted: str, level: str, follow: bool, output: str) -> None:
    """Print the log of a run.

    With -o json, print an array with an object per line; with --follow, one object per line.
    """
    asked, run, min_level = part(Logs), flow_run_id(wanted), LEVELS[level]
    if follow:
        pages = ask_pages(followed(asked, run, min_level))
    else:
        pages = ask_pages(asked.written(run, min_level=min_level))
    if output == "table":
        _print(pages)
    elif follow:
        for page in pages:
            for line in page:
                print_json_line(line)
    else:
        print_json_list(pages)


async def followed(asked: Logs, flow_run_id: str, min_level: int) -> AsyncIterator[list[Row]]:
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


def _print(pages: Iterable[list[Row]]) -> None:
    for page in pages:
        put_all(shown for line in page for shown in shown_lines(line))


def shown_lines(line: Row) -> Iterator[Line]:
    """Yield what is shown of a line of the log; its text may have many, and colours."""
    colour = COLOURS.get(line["level"], "")
    first, *more = continued(line["message"])
    head = f"{line['time']}  {line['logger']}  "
    yield Styled(head, colour), Styled(first, colour, own_colours=True)
    for text in more:
        yield (Styled(text, colour, own_colours=True),)
