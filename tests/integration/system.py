"""The four services as processes of their own, and the certainty that nothing of them stays."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import grpc
import psutil
from grpc_health.v1 import health_pb2, health_pb2_grpc

from hanging import HANG_LIMIT
from integration.caller import Caller
from penstockd.assembly.services import SERVICES

ROOT = Path(__file__).parents[2]
# Below the range from which the system takes ports for outgoing connections.
PORTS = range(20_000, 32_000)
MOST_WORKERS = 16
# A front has its own, and its services the ones after it.
FAMILY = 1 + len(SERVICES)
# A test run that is killed takes what it started with it.
LEASH = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
FOREIGN = ("PENSTOCK_", "OTEL_", "XDG_")
EAGER = [
    ("grpc.enable_http_proxy", 0),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 100),
]


class System:
    """Starts, kills and restarts services; all that they write lies in one folder."""

    def __init__(
        self, folder: Path, database: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.addresses = dict(zip(SERVICES, unused_addresses(len(SERVICES)), strict=True))
        self.environment = clean_environment(
            PENSTOCK_HOME=str(folder),
            PENSTOCK_DATABASE=database,
            **{f"PENSTOCK_{name.upper()}_ADDRESS": at for name, at in self.addresses.items()},
            **(environment or {}),
        )
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def start_all(self) -> None:
        """Start the four and the pool in which their runs wait."""
        self.start("state", "scheduler", "artifact")
        with closing(Caller(self.addresses)) as caller:
            caller.make_pool()
        self.start("executor")

    def start(self, *services: str) -> None:
        """Start these services, and wait until each can do its work."""
        for service in services:
            command = ["-m", "penstockd", service, "--listen", self.addresses[service]]
            command += ["--store", str(self.folder), "--log-format", "json"]
            self.processes[service] = self._spawn(service, command)
        for service in services:
            self.wait_until_serving(service)

    def wait_until_serving(self, service: str) -> None:
        process = self.processes[service]
        until_serving(self.addresses[service], process, lambda: self.log(service))

    def kill(self, service: str) -> None:
        """SIGKILL the service alone, and not what it started."""
        process = self.processes.pop(service)
        process.kill()
        process.wait()

    def terminate(self, service: str) -> int:
        """Ask it to end in good order, and return its exit code."""
        process = self.processes.pop(service)
        process.terminate()
        return process.wait(HANG_LIMIT)

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(errors="replace")

    def close(self) -> None:
        """End all of it, those that call others first."""
        for service in reversed(tuple(SERVICES)):
            if service in self.processes:
                with suppress(subprocess.TimeoutExpired):
                    self.terminate(service)
        end_all_of(self.folder)

    def _spawn(self, service: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{service}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", LEASH, *command],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def clean_environment(**given: str) -> dict[str, str]:
    """Return what a process is started with: nothing of the developer's own settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    return {**kept, "PYTHONPATH": os.pathsep.join(_import_path()), **given}


def processes_of(folder: Path) -> list[psutil.Process]:
    """Return all that were started for this folder, however far down."""
    return [
        process
        for process in psutil.process_iter(["environ", "status"])
        if (process.info["environ"] or {}).get("PENSTOCK_HOME") == str(folder)
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def end_all_of(folder: Path) -> None:
    left = processes_of(folder)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=HANG_LIMIT)


def wait_until_gone(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Return those that would not go."""
    end = time.monotonic() + HANG_LIMIT
    alive = list(processes)
    while alive and time.monotonic() < end:
        alive = [process for process in alive if not _is_gone(process)]
        time.sleep(0.01)
    return alive


def _is_gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def until_serving(
    address: str, process: subprocess.Popen[bytes], log: Callable[[], str]
) -> None:
    """Return when the server says that it serves; a process that ends before is a failure."""
    end = time.monotonic() + HANG_LIMIT
    with grpc.insecure_channel(address, options=EAGER) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        while time.monotonic() < end:
            if process.poll() is not None:
                raise AssertionError(f"it ended with {process.returncode}:\n{log()}")
            with suppress(grpc.RpcError):
                answer = stub.Check(
                    health_pb2.HealthCheckRequest(), timeout=1.0, wait_for_ready=True
                )
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    return
            time.sleep(0.05)
    raise AssertionError(f"{address} does not serve after {HANG_LIMIT} s:\n{log()}")


def unused_addresses(count: int) -> list[str]:
    """Each worker takes ports of its own, none twice: nobody listens on one at once."""
    found: list[str] = []
    while len(found) < count:
        port = next(_ports)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(f"127.0.0.1:{port}")
    return found


def _own_ports() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    size = len(PORTS) // MOST_WORKERS
    first = worker % MOST_WORKERS * size
    own = PORTS[first : first + size : FAMILY]
    start = Random(f"{os.getpid()} {time.monotonic_ns()}").randrange(len(own))
    return cycle([*own[start:], *own[:start]])


_ports = _own_ports()


def _import_path() -> Iterator[str]:
    yield str(ROOT / "clients" / "python")
    yield str(ROOT / "services")
