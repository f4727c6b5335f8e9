"""The servers that are asked: over each store, direct and through the front."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from fixtures_postgres import Cluster, cluster_folder, start_cluster, stop_cluster
from integration.serving import Serving
from integration.system import end_all_of, processes_of

STORES = ("sqlite", "postgres")
ATTEMPTS = 3
ROUTES = ("direct", "front")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How requests reach which store."""

    store: str
    route: str

    def __str__(self) -> str:
        return f"{self.store}/{self.route}"


class DidNotStart(Exception):
    """What the server said last."""


class System:
    """A server, which is started again if it does not answer any more."""

    def __init__(self, way: Way, folder: Path, database: str) -> None:
        self._folder = folder
        self._arguments = ["--separate"] if way.route == "front" else []
        self._environment = {"PENSTOCK_DATABASE": database} if database else {}
        self._serving = self._new()
        self._read = 0
        self.has_started = False

    @property
    def address(self) -> str:
        return self._serving.address

    def start(self) -> None:
        """Serve on what is in the store; a busy machine may need more than one attempt.

        Raises DidNotStart.
        """
        for attempt in range(1, ATTEMPTS + 1):
            self._serving = self._new(self.address)
            try:
                self._serving.__enter__()
            except AssertionError as error:
                self.has_started = False
                if attempt == ATTEMPTS:
                    raise DidNotStart(str(error).strip().rpartition("\n")[2]) from None
            else:
                self.has_started = True
                return

    def stop(self) -> int | None:
        """Ask it to end, and return its exit code, or None if it had to be killed."""
        with suppress(subprocess.TimeoutExpired):
            self._serving.__exit__(None, None, None)
        return self._serving.exit_code

    def kill(self) -> None:
        end_all_of(self._folder)

    def new_log(self) -> str:
        """Return what has been logged since it was asked last."""
        with self._serving.log_file.open("rb") as log:
            log.seek(self._read)
            data = log.read()
        self._read += len(data)
        return data.decode(errors="replace")

    def memory(self) -> Mapping[str, int]:
        """Return the bytes of each process that serves."""
        found: dict[str, int] = {}
        for process in processes_of(self._folder):
            with suppress(psutil.NoSuchProcess):
                if service := _service(process.cmdline()):
                    found[service] = process.memory_info().rss
        return found

    def _new(self, address: str = "") -> Serving:
        return Serving(self._folder, *self._arguments, address=address, **self._environment)


@contextmanager
def databases(stores: Sequence[str]) -> Iterator[Cluster | None]:
    """A cluster inside the block, if one of the stores needs it."""
    if "postgres" not in stores:
        yield None
        return
    folder = cluster_folder()
    try:
        yield start_cluster(folder)
    finally:
        stop_cluster(folder)


def new_database(cluster: Cluster | None, way: Way) -> str:
    """Return the address of an empty database; nothing for SQLite, which has a file."""
    if cluster is None or way.store != "postgres":
        return ""
    name = f"penstock_fuzz_{way.route}_{os.getpid()}"
    cluster.run(f"CREATE DATABASE {name}")
    return cluster.url(name)


def _service(command: Sequence[str]) -> str:
    """`all` is the front, if there are others."""
    with suppress(ValueError):
        return command[command.index("penstockd") + 1]
    return ""
