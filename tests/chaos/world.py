"""What is put under stress: services, an executor elsewhere, and embedded programs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil

from chaos.disk import small_disk
from chaos.ledger import LEDGER, PLACE, Ledger
from hanging import HANG_LIMIT
from integration.proxy import a_proxy
from integration.serving import Serving
from integration.system import (
    LEASH,
    clean_environment,
    end_all_of,
    processes_of,
    unused_addresses,
    wait_until_gone,
)

HERE = Path(__file__).parent
FRONT, ELSEWHERE = "front", "elsewhere"
MANNERS = ("plain", "plain", "forking", "forking", "pooling", "daemonising", "plain", "plain")
# The last two programs share a disk of their own, which fills up.
ON_SMALL_DISK = 2
DISK_MIB = 256
PASSED = "CHAOS_*,PYTHONPATH"


class World:
    """Everything lives in one folder, and ends with the block."""

    def __init__(self, folder: Path, seed: str, database: str) -> None:
        self.folder = folder
        self.ledger_file = folder / "ledger"
        self.stop_file = folder / "stop"
        self.server_home, self.elsewhere_home = folder / FRONT, folder / ELSEWHERE
        self.embedded_homes = (folder / "embedded", folder / "embedded-small")
        self.left_behind: list[str] = []
        self.excused: dict[str, str] = {}
        self.killed_programs = 0
        self.programs: dict[int, subprocess.Popen[bytes]] = {}
        self._seed = seed
        self._opened = ExitStack()
        told = {"PENSTOCK_DATABASE": database} if database else {}
        self.front = Serving(self.server_home, "--separate", **self._watched(FRONT), **told)
        self._database = told
        self._elsewhere: subprocess.Popen[bytes] | None = None

    def ledger(self) -> Ledger:
        return Ledger.read(self.ledger_file)

    def __enter__(self) -> World:
        for home in (self.server_home, self.embedded_homes[1]):
            self._opened.enter_context(small_disk(home, mib=DISK_MIB))
        self.front.__enter__()
        self.proxy = self._opened.enter_context(a_proxy(self.front.address))
        self.start_elsewhere()
        for number in range(len(MANNERS)):
            self.start_program(number)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            for home in self.homes():
                end_all_of(home)
        finally:
            self._opened.close()

    def homes(self) -> Iterator[Path]:
        yield from (self.server_home, self.elsewhere_home, *self.embedded_homes)

    def start_front(self) -> None:
        """Start it on the address that it had."""
        self.front = Serving(
            self.server_home,
            "--separate",
            address=self.front.address,
            **self._watched(FRONT),
            **self._database,
        )
        self.front.__enter__()

    def start_elsewhere(self) -> None:
        """Start the executor that reaches the services through the proxy."""
        self.elsewhere_home.mkdir(exist_ok=True)
        command = ["-m", "penstockd", "executor", "--listen", unused_addresses(1)[0]]
        command += ["--store", str(self.elsewhere_home), "--log-format", "json"]
        environment = self._watched(ELSEWHERE)
        environment["PENSTOCK_ADDRESS"] = self.proxy.address
        self._elsewhere = self._spawn(command, self.elsewhere_home, environment)

    def start_program(self, number: int) -> None:
        home = self.home_of(number)
        home.mkdir(exist_ok=True)
        command = [str(HERE / "program.py"), MANNERS[number], f"{self._seed} {number}"]
        command += [str(self.stop_file)]
        environment = self._watched(f"embedded {number}")
        self.programs[number] = self._spawn(command, home, environment)

    def home_of(self, number: int) -> Path:
        return self.embedded_homes[number >= len(MANNERS) - ON_SMALL_DISK]

    def service(self, name: str) -> psutil.Process | None:
        """Return the process behind the front that serves this, if there is one just now."""
        for process in processes_of(self.server_home):
            with suppress(psutil.NoSuchProcess):
                if _names(process, "penstockd", name):
                    return process
        return None

    def elsewhere(self) -> psutil.Process:
        assert self._elsewhere is not None, "it is started"
        return psutil.Process(self._elsewhere.pid)

    def strike(self, place: str, reason: str) -> Strike:
        """Note which runs may have crashed from now on; tell it when the fault is over."""
        return Strike(self, place, reason)

    def expect_gone(self, what: str, processes: list[psutil.Process]) -> None:
        for process in wait_until_gone(processes):
            self.left_behind.append(f"{what}: process {process.pid} is still there")

    def stop(self) -> None:
        """Ask all to end in good order, and note what does not."""
        self.stop_file.touch()
        for program in self.programs.values():
            with suppress(subprocess.TimeoutExpired):
                program.wait(HANG_LIMIT)
        self.expect_gone("an embedded program", self._all_of(*self.embedded_homes))
        self.elsewhere().terminate()
        self.front.process.terminate()
        self.expect_gone("a service", self._all_of(self.server_home, self.elsewhere_home))

    def _all_of(self, *homes: Path) -> list[psutil.Process]:
        return [process for home in homes for process in processes_of(home)]

    def _watched(self, place: str) -> dict[str, str]:
        path = [str(HERE.parent), clean_environment()["PYTHONPATH"]]
        return {
            LEDGER: str(self.ledger_file),
            PLACE: place,
            "PENSTOCK_EXECUTOR_PASS_ENVIRONMENT": PASSED,
            "PYTHONPATH": os.pathsep.join(path),
        }

    def _spawn(
        self, command: list[str], home: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{home.name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", LEASH, *command],
                cwd=home,
                env=clean_environment(PENSTOCK_HOME=str(home), **environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


class Strike:
    """Runs of one place whose processes lived when it was struck, or which began meanwhile."""

    def __init__(self, world: World, place: str, reason: str) -> None:
        self._world, self._place, self._reason = world, place, reason
        before = world.ledger()
        self._begun = before.begun_at(place)
        world.excused |= dict.fromkeys(before.in_progress(place), reason)

    def over(self) -> None:
        begun = self._world.ledger().begun_at(self._place) - self._begun
        self._world.excused |= dict.fromkeys(begun, self._reason)


def _names(process: psutil.Process, *words: str) -> bool:
    """Whether these words follow one another in its command line."""
    command = process.cmdline()
    return any(tuple(command[at : at + len(words)]) == words for at in range(len(command)))
