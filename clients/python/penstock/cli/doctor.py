"""`penstock doctor`: is everything here that is needed, and what would stand in the way."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click
from rich.text import Text

from penstock import connection
from penstock.cli.exits import FAILED
from penstock.cli.output import Column, output_option, show
from penstock.errors import PenstockError

# Before it, two connections that write and checkpoint at once can damage a store.
SAFE_SQLITE = (3, 51, 3)
EXTRAS = {"asyncpg": "postgres", "opentelemetry-sdk": "otel"}

Row = dict[str, Any]
MARKS = {"ok": "green", "note": "yellow", "bad": "red"}
COLUMNS = (
    Column("", lambda row: Text(row["verdict"], style=MARKS[row["verdict"]])),
    Column("What", lambda row: row["what"]),
    Column("Found", lambda row: row["found"]),
    Column("Do", lambda row: row["advice"]),
)


@click.command()
@output_option
def doctor(output: str) -> None:
    rows = [row for check in CHECKS for row in check()]
    show(rows, COLUMNS, output=output, empty="")
    if any(row["verdict"] == "bad" for row in rows):
        sys.exit(FAILED)


def _versions() -> Iterator[Row]:
    yield _row("ok", "Penstock", version("penstock"))
    yield _row("ok", "Python", f"{platform.python_version()} at {sys.executable}")


def _sqlite() -> Iterator[Row]:
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        yield _row("ok", "SQLite", sqlite3.sqlite_version)
        return
    yield _row(
        "note",
        "SQLite",
        sqlite3.sqlite_version,
        "safe under Penstock's own lock; let no other program write to the store",
    )


def _extras() -> Iterator[Row]:
    for package, extra in EXTRAS.items():
        try:
            yield _row("ok", f"extra {extra}", f"{package} {version(package)}")
        except PackageNotFoundError:
            yield _row(
                "note", f"extra {extra}", "not installed", f"pip install 'penstock[{extra}]'"
            )


def _store() -> Iterator[Row]:
    folder = connection.store_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        yield _row("bad", "store", f"{folder}: {error.strerror}", "set PENSTOCK_HOME")
        return
    if os.access(folder, os.W_OK):
        yield _row("ok", "store", str(folder))
    else:
        yield _row("bad", "store", f"{folder} cannot be written", "set PENSTOCK_HOME")


def _services() -> Iterator[Row]:
    try:
        here = connection.current()
    except PenstockError as error:
        yield _row("bad", "services", str(error), "start one, or unset PENSTOCK_ADDRESS")
        return
    if here.embedded:
        where = "in this process"
    else:
        set_by_hand = ", ".join(sorted(set(connection.addresses().values())))
        where = f"at {set_by_hand or 'the server that owns the store'}"
    yield _row("ok", "services", where)


def _row(verdict: str, what: str, found: str, advice: str = "") -> Row:
    return {"verdict": verdict, "what": what, "found": found, "advice": advice}


CHECKS: tuple[Callable[[], Iterator[Row]], ...] = (
    _versions,
    _sqlite,
    _extras,
    _store,
    _services,
)
