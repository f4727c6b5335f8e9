"""A run shown while it runs: a live tree on a terminal, a line per new state in a pipe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any

from penstock.cli.exits import DONE, FAILED, say
from penstock.cli.failures import failure_lines, reason
from penstock.cli.following import RunFollower, Sight
from penstock.cli.logs import LEVELS, followed, shown_lines
from penstock.cli.output import COLOURS, Row, clock, state_name, title, took
from penstock.cli.printing import Line, Part, Styled, print_json_line, put, put_all
from penstock.cli.services import ask, here, part
from penstock.cli.streams import on_terminal
from penstock.client.logs import Logs
from penstock.engine.telling import RUN_EVENTS

# The end of a log is told right after the run's, unless its worker is gone: then nothing comes.
LAST_LINES_SECONDS = 10.0
UNHAPPY = frozenset({"FAILED", "CANCELLED", "CRASHED"})


def watch_to_end(
    flow_run_id: str,
    output: str,
    *,
    wanted: str = "COMPLETED",
    since: str = "",
    logs: bool = False,
) -> int:
    """Show the run until it ends; return the exit code: 0 if it ended as wanted, else 1.

    With `logs`, show what it writes too, but for what its states tell already.
    """
    follower = RunFollower(here(), flow_run_id, tell=say, since=since, full=output == "json")
    try:
        shown = show_sights(follower.sights(), output)
        run = ask(_beside_its_log(flow_run_id, shown, output) if logs else shown)
    except KeyboardInterrupt:
        say(f"the run goes on; watch it again with `penstock flow-run watch {flow_run_id}`")
        raise
    if output == "table" and "failure" in run:
        put_all(([line] for line in failure_lines(run["failure"])), err=True)
    return DONE if run["state"]["state_type"] == wanted else FAILED


async def _beside_its_log(
    flow_run_id: str, shown: Coroutine[Any, Any, Row], output: str
) -> Row:
    written = asyncio.ensure_future(_show_log(flow_run_id, output))
    try:
        run = await shown
        await asyncio.wait([written], timeout=LAST_LINES_SECONDS)
    finally:
        written.cancel()
        [error] = await asyncio.gather(written, return_exceptions=True)
    if isinstance(error, Exception):
        raise error
    return run


async def _show_log(flow_run_id: str, output: str) -> None:
    async for lines in followed(part(Logs), flow_run_id, LEVELS["info"]):
        new = [line for line in lines if line["logger"] != RUN_EVENTS]
        if output == "table":
            put_all(shown for line in new for shown in shown_lines(line))
        else:
            for line in new:
                print_json_line(line)


async def show_sights(sights: AsyncIterator[Sight], output: str = "table") -> Row:
    """Show the run at each change, and return it as it ended."""
    if output == "table" and on_terminal():
        from penstock.cli.live_tree import draw

        return await draw(sights)
    told = ToldStates()
    async for sight in sights:
        for row in told.of(sight):
            if output == "json":
                print_json_line(row)
            else:
                put(*news_line(row))
    return told.run


class ToldStates:
    """Which states were told already."""

    def __init__(self) -> None:
        self.run: Row = {}
        self._said: set[tuple[str, str, int]] = set()

    def of(self, sight: Sight) -> Iterator[Row]:
        """Yield each run and task run whose state is new, the run itself last."""
        self.run = sight.run
        for row in (*sight.tasks, *sight.subflows, sight.run):
            fact = (row["id"], state_name(row["state"]), row["attempt"])
            if fact not in self._said:
                self._said.add(fact)
                yield row


def news_line(row: Row) -> Line:
    """Return `time name state attempt duration message` of one run or task run.

    A subflow has its id too, by which it can be looked at.
    """
    state = row["state"]
    parts: list[Part] = [
        Styled(clock(state["time"]), dim=True),
        title(row),
        Styled(state_name(state), COLOURS.get(state["state_type"], "")),
    ]
    if row["attempt"] > 1:
        parts.append(f"attempt {row['attempt']}")
    if "end_time" in row:
        parts.append(took(row))
    if state["state_type"] in UNHAPPY or state["name"] == "RolledBack":
        parts.append(reason(row))
    if row.get("parent_flow_run_id"):
        parts.append(Styled(row["id"], dim=True))
    return [part for each in parts if each for part in ("  ", each)][1:]
