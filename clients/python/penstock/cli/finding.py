"""Which flow run or deployment is meant: by name, id, the first letters of one, or `latest`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import click

from penstock.cli.output import Row, full_name, moment
from penstock.cli.services import ask, part
from penstock.client.deployments import Deployments, DeploymentSelection
from penstock.client.flow_runs import FlowRuns
from penstock.client.selection import Selection
from penstock.errors import DeploymentNotFound, FlowRunNotFound
from penstock.ground.labels import LONGEST_NAME

LATEST = "latest"
# How many of several that are meant are told.
MOST_TOLD = 5
# Runs beyond these are too many to look through.
MOST_LOOKED_AT = 2000
# What a clock that was set may put between a run's id and its time.
SLACK = timedelta(minutes=1)
_PREFIX = re.compile(r"[0-9a-f]{4}[0-9a-f-]{0,32}")
_TIME_DIGITS = 12
_LATEST_TIME = 253_370_764_000_000

flow_run_argument = click.argument("wanted", metavar="RUN")


def flow_run_id(wanted: str) -> str:
    """Return the id of the flow run that is meant.

    Raises:
        FlowRunNotFound: there is none.
        click.BadParameter: several are meant.
    """
    if is_id(wanted):
        return str(UUID(wanted))
    return str(ask(_flow_run(part(FlowRuns), wanted))["id"])


def deployment_ref(wanted: str) -> str:
    """Return the id or full name of the deployment that is meant.

    Raises:
        DeploymentNotFound: there is none.
        click.BadParameter: several are meant, or nothing can be called so.
    """
    if is_id(wanted):
        return str(UUID(wanted))
    if "/" not in wanted:
        return str(ask(_deployment(part(Deployments), wanted))["id"])
    flow, _, deployment = wanted.partition("/")
    if not flow or not deployment or "/" in deployment:
        raise click.BadParameter(f"{wanted!r} must be FLOW/DEPLOYMENT, such as etl/nightly")
    return wanted


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


async def _flow_run(runs: FlowRuns, wanted: str) -> Row:
    if wanted == LATEST:
        found = await _up_to(1, runs.newest(Selection(), limit=1))
        if not found:
            raise FlowRunNotFound(
                "there are no flow runs yet: run a flow with `penstock run FILE.py:FLOW`"
            )
        return found[0]
    found = await _called(runs, wanted) or await _beginning_with(runs, wanted)
    if not found:
        raise FlowRunNotFound(
            f"no flow run has the name {wanted!r} or an id that begins with it: see "
            "`penstock flow-run ls`"
        )
    return _only(found, f"flow runs have the name {wanted!r} or an id that begins with it")


async def _called(runs: FlowRuns, name: str) -> list[Row]:
    if len(name) > LONGEST_NAME:
        return []
    pages = runs.newest(Selection(name=name), limit=MOST_LOOKED_AT)
    return await _up_to(MOST_TOLD + 1, _those(pages, "name", name))


async def _beginning_with(runs: FlowRuns, wanted: str) -> list[Row]:
    prefix = wanted.lower()
    if not _PREFIX.fullmatch(prefix):
        return []
    since, until = times_of(prefix)
    pages = runs.newest(Selection(since=since, until=until), limit=MOST_LOOKED_AT)
    return [row async for page in pages for row in page if row["id"].startswith(prefix)]


def times_of(prefix: str) -> tuple[datetime, datetime]:
    """Return the span in which ids were made that begin so: their first digits are the time."""
    digits = prefix.replace("-", "")[:_TIME_DIGITS]
    first, last = (int(digits.ljust(_TIME_DIGITS, fill), 16) for fill in "0f")
    return _time(first) - SLACK if first else _time(0), _time(last) + SLACK


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(min(milliseconds, _LATEST_TIME) / 1000, UTC)


async def _deployment(deployments: Deployments, wanted: str) -> Row:
    every = [row async for page in deployments.all(DeploymentSelection()) for row in page]
    if wanted == LATEST:
        if not every:
            raise DeploymentNotFound(
                "there are no deployments yet: see `penstock deploy --help`"
            )
        return max(every, key=updated)
    prefix = wanted.lower()
    found = [row for row in every if row["name"] == wanted]
    if not found and _PREFIX.fullmatch(prefix):
        found = [row for row in every if row["id"].startswith(prefix)]
    if not found:
        raise DeploymentNotFound(
            f"no deployment has the name {wanted!r} or an id that begins with it: see "
            "`penstock deployment ls`"
        )
    return _only(found, f"deployments have the name {wanted!r} or an id that begins with it")


def updated(row: Row) -> datetime:
    """Return when: as a text a time with fewer digits behind the point would be later."""
    return moment(row["update_time"]) or _time(0)


async def _those(
    pages: AsyncIterator[list[Row]], field: str, value: str
) -> AsyncIterator[list[Row]]:
    async for page in pages:
        yield [row for row in page if row[field] == value]


async def _up_to(most: int, pages: AsyncIterator[list[Row]]) -> list[Row]:
    found: list[Row] = []
    async for page in pages:
        found += page
        if len(found) >= most:
            break
    return found[:most]


def _only(found: Sequence[Row], said: str) -> Row:
    if len(found) == 1:
        return found[0]
    count = f"{len(found)}" if len(found) <= MOST_TOLD else f"more than {MOST_TOLD}"
    told = "\n".join(f"{row['id']} {full_name(row)}" for row in found[:MOST_TOLD])
    raise click.BadParameter(f"{count} {said}; choose one by its id:\n{told}")
