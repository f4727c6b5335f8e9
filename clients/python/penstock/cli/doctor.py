"""`penstock doctor`: is everything here that is needed, and what would stand in the way."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from penstock.cli.exits import DONE, FAILED
from penstock.cli.helpful import Helpful
from penstock.cli.output import Column, Row, output_option, show
from penstock.cli.printing import Styled
from penstock.cli.services import ask_pages, here
from penstock.client.flow_runs import FlowRuns
from penstock.client.selection import Selection
from penstock.client.work_pools import WorkPools
from penstock.errors import PenstockError
from penstock.ground.settings import addresses, store_folder

# Before it, two connections that write and checkpoint at once can damage a store.
SAFE_SQLITE = (3, 51, 3)
EXTRAS = {"asyncpg": "postgres", "opentelemetry-sdk": "otel", "uvloop": "server"}
TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT"
STORE_FILE = "penstock.db"
LITTLE_ROOM = 1 << 30
NO_ROOM = 64 << 20

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}

MARKS = {"ok": "green", "note": "yellow", "bad": "red"}
COLUMNS = (
    Column("", lambda row: Styled(row["verdict"], MARKS[row["verdict"]])),
    Column("What", lambda row: row["what"]),
    Column("Found", lambda row: row["found"]),
    Column("Do", lambda row: row["advice"]),
)


@click.command(cls=Helpful)
@output_option
def doctor(output: str) -> int:
    """Check this installation, its store and the services; exit 1 if there is a problem."""
    rows = [row for check in CHECKS for row in check()]
    show([rows], COLUMNS, output=output, empty="")
    return FAILED if any(row["verdict"] == "bad" for row in rows) else DONE


def _versions() -> Iterator[Row]:
    yield _row("ok", "Penstock", version("penstock"))
    yield _row("ok", "Python", f"{platform.python_version()} at {sys.executable}")


def _sqlite() -> Iterator[Row]:
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        yield _row("ok", "SQLite", sqlite3.sqlite_version)
        return
    advice = "safe under Penstock's own lock; let no other program write to the store"
    yield _row("note", "SQLite", sqlite3.sqlite_version, advice)


def _extras() -> Iterator[Row]:
    for package, extra in EXTRAS.items():
        try:
            yield _row("ok", f"extra {extra}", f"{package} {version(package)}")
        except PackageNotFoundError:
            needed = extra == "otel" and TRACES in os.environ
            found = f"not installed, and {TRACES} is set" if needed else "not installed"
            verdict = "bad" if needed else "note"
            yield _row(verdict, f"extra {extra}", found, f"pip install 'penstock[{extra}]'")


def _store() -> Iterator[Row]:
    folder = store_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        yield _row("bad", "store", f"{folder}: {error.strerror}", "set PENSTOCK_HOME")
        return
    if not os.access(folder, os.W_OK):
        yield _row("bad", "store", f"{folder} cannot be written", "set PENSTOCK_HOME")
        return
    yield _row("ok", "store", str(folder))
    yield from _room(folder)
    if (folder / STORE_FILE).is_file():
        yield _schema(folder / STORE_FILE)


def _room(folder: Path) -> Iterator[Row]:
    free = shutil.disk_usage(folder).free
    verdict = "bad" if free < NO_ROOM else "note" if free < LITTLE_ROOM else "ok"
    advice = "free some disk space" if free < LITTLE_ROOM else ""
    yield _row(verdict, "free disk", f"{free / (1 << 30):.1f} GiB", advice)


def _schema(file: Path) -> Row:
    """Say at which revision each service's tables are; reads only, and waits for nobody."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as store:
            tables = store.execute(
                "SELECT name FROM sqlite_master WHERE name LIKE '%\\_schema' ESCAPE '\\'"
            ).fetchall()
            found = [
                f"{name.removesuffix('_schema')} {str(revision).partition(' ')[0]}"
                for (name,) in sorted(tables)
                for (revision,) in store.execute(f'SELECT revision FROM "{name}"')  # noqa: S608
            ]
    except sqlite3.Error as error:
        return _row("bad", "schema", f"{file.name}: {error}", "restore it from a backup")
    return _row("ok", "schema", ", ".join(found) or "no service has been used yet")


def _services() -> Iterator[Row]:
    try:
        opened = here()
        pools = [pool for page in ask_pages(opened.part(WorkPools).all()) for pool in page]
        # An embedded service opens its tables at the first call, and may not know them.
        next(ask_pages(opened.part(FlowRuns).newest(Selection(), limit=1)))
    except PenstockError as error:
        yield _row("bad", "services", str(error), _way_out())
        return
    yield _row("ok", "services", _where(embedded=opened.embedded))
    if not opened.embedded:
        yield from _open_port()
        yield from _workers(pools)


def _open_port() -> Iterator[Row]:
    """Until there are keys, whoever reaches a port may do everything."""
    reached = set(addresses().values()) or {_owner().get("address", "")}
    for address in sorted(each for each in reached if each and not each.startswith("unix:")):
        if address.rpartition(":")[0] in LOOPBACK:
            found = f"every user and program on this machine can reach {address}"
            yield _row(
                "note", "access", found, "penstock up --socket-only, if it has other users"
            )
        else:
            found = (
                f"everyone who can reach {address} may do everything: there is no "
                "authentication yet"
            )
            yield _row("note", "access", found, "keep it on a network that you trust")


def _workers(pools: list[Row]) -> Iterator[Row]:
    for pool in pools:
        alive, name = pool["live_workers"], pool["name"]
        advice = "" if alive else f"penstock executor start --pool '{name}'"
        found = f"{alive} live worker{'' if alive == 1 else 's'}"
        yield _row("ok" if alive else "note", f"pool {name}", found, advice)


def _where(*, embedded: bool) -> str:
    if embedded:
        return "in this process"
    if by_hand := sorted(set(addresses().values())):
        return f"answer at {', '.join(by_hand)}"
    owner = _owner()
    at = f" at {owner['address']}, process {owner['pid']}" if owner else ""
    return f"the server that owns the store answers{at}"


def _owner() -> dict[str, str]:
    try:
        return dict(json.loads((store_folder() / "owner").read_text()))
    except (OSError, ValueError):
        return {}


def _way_out() -> str:
    set_here = [name for name in sorted(os.environ) if name.endswith("_ADDRESS")]
    ours = [name for name in set_here if name.startswith("PENSTOCK_")]
    return f"start one, or unset {' '.join(ours)}" if ours else "see the message"


def _row(verdict: str, what: str, found: str, advice: str = "") -> Row:
    return {"verdict": verdict, "what": what, "found": found, "advice": advice}


CHECKS: tuple[Callable[[], Iterator[Row]], ...] = (
    _versions,
    _sqlite,
    _extras,
    _store,
    _services,
)
