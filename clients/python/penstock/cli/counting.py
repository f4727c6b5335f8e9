"""`penstock flow-run count`: how many runs there are, by what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import click

from penstock.cli.helpful import Helpful
from penstock.cli.output import COLOURS, Column, Row, output_option, show
from penstock.cli.printing import Styled, print_json_list, put
from penstock.cli.selecting import selection_options
from penstock.cli.services import ask, part
from penstock.client.flow_runs import FlowRuns
from penstock.client.selection import Selection


class Group(NamedTuple):
    """Its name in the contract, and the fields of a count in which it stands."""

    name: str
    fields: Sequence[str]
    bucket: timedelta | None = None


GROUPS = {
    "state": Group("STATE_TYPE", ["state_type"]),
    "state-name": Group("STATE_NAME", ["state_name"]),
    "flow": Group("FLOW", ["flow_name"]),
    "deployment": Group("DEPLOYMENT", ["deployment_id"]),
    "pool": Group("WORK_POOL", ["work_pool"]),
    "queue": Group("WORK_QUEUE", ["work_pool", "work_queue"]),
    "hour": Group("TIME_BUCKET", ["bucket_start_time"], timedelta(hours=1)),
    "day": Group("TIME_BUCKET", ["bucket_start_time"], timedelta(days=1)),
}
HEADINGS = {
    "state_type": "State",
    "state_name": "State name",
    "flow_name": "Flow",
    "deployment_id": "Deployment",
    "work_pool": "Pool",
    "work_queue": "Queue",
    "bucket_start_time": "Due from",
}


def _groups(_context: object, _option: object, text: str) -> list[Group]:
    names = list(dict.fromkeys(text.split(","))) if text else []
    if unknown := [name for name in names if name not in GROUPS]:
        raise click.BadParameter(f"{unknown[0]!r} is not one of {', '.join(GROUPS)}")
    groups = [GROUPS[name] for name in names]
    if sum(group.bucket is not None for group in groups) > 1:
        raise click.BadParameter("use hour or day, not both")
    return groups


@click.command(cls=Helpful)
@click.option(
    "--by",
    "groups",
    default="",
    metavar="WHAT,...",
    callback=_groups,
    help=f"Count by one or more of {', '.join(GROUPS)}; the last two are of the "
    "time when runs were due.",
)
@selection_options
@output_option
def count(groups: Sequence[Group], output: str, **selected: Any) -> None:
    """Count flow runs, such as `--by state` or `--by flow,state`."""
    fields = list(dict.fromkeys(field for group in groups for field in group.fields))
    found = ask(
        part(FlowRuns).counts(
            Selection(**selected),
            [group.name for group in groups],
            bucket=next((group.bucket for group in groups if group.bucket), None),
        )
    )
    rows = sorted((_row(each, fields) for each in found), key=lambda row: _place(row, fields))
    if not fields:
        total = sum(int(row["count"]) for row in rows)
        print_json_list([[{"count": total}]]) if output == "json" else put(str(total))
    else:
        columns = [*map(_column, fields), Column("Runs", lambda row: str(row["count"]))]
        show([rows], columns, output=output, empty="no runs match")


def _row(found: Row, fields: Sequence[str]) -> Row:
    return {field: found.get(field, "") for field in (*fields, "count")}


def _place(row: Row, fields: Sequence[str]) -> tuple[Any, ...]:
    """Earlier spans of time come first, then what there is more of."""
    names = [row[field] for field in fields if field != "bucket_start_time"]
    return (row.get("bucket_start_time", ""), -int(row["count"]), names)


def _column(field: str) -> Column:
    def cell(row: Row) -> Styled:
        return Styled(row[field] or "-", COLOURS.get(row[field], ""))

    return Column(HEADINGS[field], cell, may_be_cut=field == "flow_name")
