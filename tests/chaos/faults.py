"""What befalls the world: each fault begins, is kept up while it lasts, and ends."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import psutil

from chaos.database import Database
from chaos.disk import empty, fill
from chaos.world import ELSEWHERE, FRONT, World

# Where the runs are whose processes a service takes with it; most have none.
PLACES = {"executor": FRONT, ELSEWHERE: ELSEWHERE}


class Fault:
    """`strikes` names the part that is hit; nothing happens by itself."""

    called = ""

    def __init__(self, world: World, strikes: str = "") -> None:
        self.world = world
        self.strikes = strikes

    @property
    def name(self) -> str:
        return self.called.format(self.strikes)

    def begin(self) -> None: ...

    def keep_up(self) -> None: ...

    def end(self) -> None: ...


class Outage(Fault):
    """Killed as often as it is started again."""

    called = "outage: {}"

    def begin(self) -> None:
        self._strike = self.world.strike(PLACES.get(self.strikes, ""), self.name)

    def keep_up(self) -> None:
        if process := self.world.service(self.strikes):
            process.kill()

    def end(self) -> None:
        self._strike.over()


class ExecutorKilled(Fault):
    """Its children go with it; another one starts."""

    called = "executor elsewhere killed"

    def begin(self) -> None:
        strike = self.world.strike(ELSEWHERE, self.name)
        process = self.world.elsewhere()
        process.kill()
        process.wait()
        strike.over()

    def end(self) -> None:
        self.world.start_elsewhere()


class FrontKilled(Fault):
    """All its services must go with it; then another one starts."""

    called = "front killed"

    def begin(self) -> None:
        strike = self.world.strike(FRONT, self.name)
        front = self.world.front.process
        services = psutil.Process(front.pid).children()
        front.kill()
        front.wait()
        self.world.expect_gone("a service of a killed front", services)
        strike.over()
        self.world.start_front()


class Frozen(Fault):
    """Stopped by a signal, and continued at the end."""

    called = "frozen: {}"

    def begin(self) -> None:
        world = self.world
        is_elsewhere = self.strikes == ELSEWHERE
        self._process = world.elsewhere() if is_elsewhere else world.service(self.strikes)
        # Beyond its time-to-live an executor has lost what it ran.
        self._strike = world.strike(PLACES.get(self.strikes, ""), self.name)
        self._send(signal.SIGSTOP)

    def end(self) -> None:
        self._send(signal.SIGCONT)
        self._strike.over()

    def _send(self, number: signal.Signals) -> None:
        with suppress(psutil.NoSuchProcess):
            if self._process is not None:
                self._process.send_signal(number)


class ChildFault(Fault):
    """A running child of the executor elsewhere."""

    def begin(self) -> None:
        self.process = None
        ledger = self.world.ledger()
        for entry in reversed(ledger.of("begin")):
            if entry.place == ELSEWHERE and entry.run not in ledger.ended():
                with suppress(psutil.NoSuchProcess):
                    self.process = psutil.Process(entry.pid)
                    self.act(self.process, entry.run)
                    return

    def act(self, process: psutil.Process, run: str) -> None: ...


class ChildKilled(ChildFault):
    """By nobody's order."""

    called = "child killed"

    def act(self, process: psutil.Process, run: str) -> None:
        self.world.excused[run] = self.name
        process.kill()


class ChildFrozen(ChildFault):
    """Its executor goes on renewing."""

    called = "child frozen"

    def act(self, process: psutil.Process, run: str) -> None:
        process.suspend()

    def end(self) -> None:
        with suppress(psutil.NoSuchProcess):
            if self.process is not None:
                self.process.resume()


class HalfOpen(Fault):
    """Those of the executor elsewhere fall silent, none is closed."""

    called = "half-open connections"

    def begin(self) -> None:
        self.world.proxy.silence()


class FullDisk(Fault):
    """Whatever room is given back is taken again."""

    called = "full disk: {}"

    def begin(self) -> None:
        self.keep_up()

    def keep_up(self) -> None:
        fill(self._ballast)

    def end(self) -> None:
        empty(self._ballast)

    @property
    def _ballast(self) -> Path:
        world = self.world
        home = world.server_home if self.strikes == "services" else world.embedded_homes[1]
        return home / "ballast"


class ProgramFault(Fault):
    """An embedded program, by its number."""

    def begin(self) -> None:
        self.number = int(self.strikes)
        self.act(psutil.Process(self.world.programs[self.number].pid))

    def act(self, process: psutil.Process) -> None: ...


class ProgramFrozen(ProgramFault):
    """As by Ctrl-Z; the others go on."""

    called = "embedded program frozen"

    def act(self, process: psutil.Process) -> None:
        process.suspend()

    def end(self) -> None:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(self.world.programs[self.number].pid).resume()


class ProgramKilled(ProgramFault):
    """Another one takes its place."""

    called = "embedded program killed"

    def act(self, process: psutil.Process) -> None:
        strike = self.world.strike(f"embedded {self.number}", self.name)
        process.kill()
        self.world.killed_programs += 1
        self.world.programs[self.number].wait()
        strike.over()

    def end(self) -> None:
        self.world.start_program(self.number)


class DatabaseAway(Fault):
    """Stopped at once, and started again at the end."""

    called = "outage: the database"

    def __init__(self, world: World, database: Database) -> None:
        super().__init__(world)
        self._database = database

    def begin(self) -> None:
        self._database.stop()

    def end(self) -> None:
        self._database.start()
