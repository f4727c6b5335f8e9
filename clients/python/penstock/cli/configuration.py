"""`penstock config view`: the settings of this program, and where each comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

import click

from penstock.cli.helpful import Helpful
from penstock.cli.output import Column, Row, output_option, show
from penstock.cli.printing import Styled
from penstock.ground.settings import ADDRESS, NAMESPACE, RENEWER_AFTER, SERVICES, store_folder
from penstock.redaction import redacted

PREFIX = "PENSTOCK_"
# Settings of services, and what an executor tells the process under a run.
OTHERS = ("PENSTOCK_SERVER_", "PENSTOCK_EXECUTOR_", "PENSTOCK__RUNTIME__")
SOURCES = {"environment": "green", "default": "bright_black"}


class Setting(NamedTuple):
    """A variable, and what holds when it is not set."""

    variable: str
    default: str


COLUMNS = (
    Column("Setting", lambda row: row["setting"]),
    Column("Value", lambda row: row["value"] or "-", may_be_cut=True),
    Column("Source", lambda row: Styled(row["source"], SOURCES.get(row["source"], "red"))),
)


@click.command(cls=Helpful)
@output_option
def view(output: str) -> None:
    """Show the settings of this program, and where each comes from."""
    show([[*_rows()]], COLUMNS, output=output, empty="")


def _settings() -> tuple[Setting, ...]:
    addresses = (Setting(f"PENSTOCK_{each.upper()}_ADDRESS", ADDRESS) for each in SERVICES)
    return (
        Setting(ADDRESS, "this process"),
        *addresses,
        Setting("PENSTOCK_HOME", str(store_folder())),
        Setting(NAMESPACE, "default"),
        Setting("PENSTOCK_DEFAULT_WORK_POOL_NAME", ""),
        Setting(RENEWER_AFTER, "5"),
        Setting("PENSTOCK_LOGGING_LEVEL", "INFO"),
        Setting("PENSTOCK_LOG_LEVEL", "info"),
        Setting("PENSTOCK_DATABASE", "SQLite in PENSTOCK_HOME"),
        Setting("PENSTOCK_CONFIG", ""),
    )


def _rows() -> Iterator[Row]:
    settings = _settings()
    for setting in settings:
        given = os.environ.get(setting.variable)
        value = redacted(given) if given else setting.default
        yield _row(setting.variable, value, "environment" if given else "default")
    known = [setting.variable for setting in settings]
    of_services = (*OTHERS, *(f"{PREFIX}{service.upper()}_" for service in SERVICES))
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            belongs = name.startswith(of_services)
            source = "environment" if belongs else _unknown(name, known)
            yield _row(name, redacted(os.environ[name]), source)


def _unknown(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return (
        f"unknown setting: did you mean {near[0]}?"
        if near
        else "unknown setting: it has no effect"
    )


def _row(setting: str, value: str, source: str) -> Row:
    return {"setting": setting, "value": value, "source": source}
