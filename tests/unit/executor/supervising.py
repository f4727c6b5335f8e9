"""Supervises real processes that run a few lines of Python instead of a flow."""

import asyncio
import sys
import textwrap
from datetime import timedelta
from functools import partial

from penstockd.chassis.clock import system_clock
from penstockd.database import Database
from penstockd.executor.peers import Outcome
from penstockd.executor.processes.posix import PosixProcesses
from penstockd.executor.rules.stopping import Pace
from penstockd.executor.rules.work import Work
from penstockd.executor.store.execution import SqlExecutionStore
from penstockd.executor.usecases.output import Output, OutputLimits
from penstockd.executor.usecases.recording import Recorder
from penstockd.executor.usecases.supervision import Desk, Launcher, Supervision
from unit.executor.builders import a_work
from unit.executor.peers import MemoryLogs

AT_ONCE = timedelta(0)
QUICK = Pace(
    token=True,
    term_after=timedelta(milliseconds=150),
    kill_after=timedelta(milliseconds=300),
)
LOST = Pace(token=False, term_after=AT_ONCE, kill_after=timedelta(milliseconds=200))
# Reads its pipe as penstock.child does, without loading the SDK.
HEAD = """
import json, os, signal, subprocess, sys, time
pipe = os.fdopen(int(os.environ["PENSTOCK_CHILD_FD"]), "rb")
work = json.loads(pipe.readline())
"""


class Bench:
    def __init__(self, database: Database, logs: MemoryLogs) -> None:
        self.logs = logs
        self.store = SqlExecutionStore(database, progress=timedelta(seconds=15))
        self.processes = PosixProcesses()
        self.clock = system_clock()
        self.recorder = Recorder(self.store, self.processes, self.clock)
        self.limits = OutputLimits(gather=timedelta(milliseconds=20))
        self.news = asyncio.Event()

    def launcher(self, script: str) -> Launcher:
        return Launcher(
            processes=self.processes,
            interpreter=sys.executable,
            environment={},
            program=("-Iuc", HEAD + textwrap.dedent(script)),
        )

    def desk(self) -> Desk:
        return Desk(
            recorder=self.recorder,
            logs=self.logs,
            new_output=partial(Output, self.clock, self.limits),
            rest=lambda _failures: asyncio.sleep(0.01),
            news=self.news.set,
        )

    def start(self, script: str, work: Work | None = None) -> "Supervised":
        launcher = self.launcher(script)
        supervision = Supervision(work or a_work(), launcher, self.desk())
        return Supervised(supervision, self)


class Supervised:
    """A process under supervision."""

    def __init__(self, supervision: Supervision, bench: Bench) -> None:
        self.supervision = supervision
        self.finished = asyncio.Event()
        self._outcome: Outcome | None = None
        self._logs = bench.logs
        self._task = asyncio.create_task(supervision.run(self._finish))

    async def outcome(self) -> Outcome | None:
        async with asyncio.timeout(20):
            await self._task
        return self._outcome

    async def wrote(self, message: str) -> None:
        """Wait for a line of its output."""
        async with asyncio.timeout(10):
            await self._logs.holds(message)

    def _finish(self, outcome: Outcome | None) -> None:
        self._outcome = outcome
        self.finished.set()
