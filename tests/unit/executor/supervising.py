"""Supervises children that run a few lines instead of a flow, on each runtime."""

import asyncio
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import uvloop

from hanging import HANG_LIMIT
from penstockd.chassis.clock import system_clock
from penstockd.chassis.ids import id_source
from penstockd.database import Database
from penstockd.executor.peers import Outcome
from penstockd.executor.rules.execution import Execution
from penstockd.executor.rules.stopping import Pace
from penstockd.executor.rules.work import Work
from penstockd.executor.runtimes import Runtime
from penstockd.executor.runtimes.process.runtime import ProcessRuntime
from penstockd.executor.store.execution import SqlExecutionStore
from penstockd.executor.usecases.output import Output, OutputLimits
from penstockd.executor.usecases.recording import ExecutionRecorder
from penstockd.executor.usecases.supervision import Desk, Launcher, Supervision
from unit.executor.builders import a_work
from unit.executor.peers import MemoryLogs
from unit.executor.programs import Program
from unit.executor.task_runtime import TaskRuntime

AT_ONCE = timedelta(0)
QUICK = Pace(
    token=True,
    terminate_after=timedelta(milliseconds=150),
    kill_after=timedelta(milliseconds=300),
)
LOST = Pace(token=False, terminate_after=AT_ONCE, kill_after=timedelta(milliseconds=200))
# Reads its pipe as penstock.child does, message by message, without loading the SDK.
HEAD = """
import os, re, signal, subprocess, sys, time
pipe = os.fdopen(int(os.environ["PENSTOCK_CHILD_FD"]), "rb")
def message():
    size = shift = 0
    while True:
        byte = pipe.read(1)[0]
        size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return pipe.read(size)
job = message()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A runtime to test on, and its words for how children end that were stopped."""

    make: Callable[[Program], Runtime]
    terminated: str
    killed: str


def process_program(script: str) -> tuple[str, ...]:
    return ("-Iuc", HEAD + textwrap.dedent(script))


def _processes(program: Program) -> Runtime:
    arguments = process_program(program.script)
    return ProcessRuntime(interpreter=sys.executable, program=arguments)


def _tasks(program: Program) -> Runtime:
    return TaskRuntime(program.body)


KINDS = {
    "process": Kind(
        make=_processes, terminated="killed by SIGTERM", killed="killed by SIGKILL"
    ),
    "task": Kind(make=_tasks, terminated="ended by TERMINATE", killed="ended by KILL"),
}


class Bench:
    def __init__(self, database: Database, logs: MemoryLogs, kind: Kind) -> None:
        self.logs = logs
        self.kind = kind
        self.clock = system_clock()
        self.store = SqlExecutionStore(database, self.clock, progress=timedelta(seconds=15))
        self.incarnation = id_source(self.clock)()
        self.recorder = ExecutionRecorder(self.store, self.incarnation, self.clock)
        self.limits = OutputLimits(gather=timedelta(milliseconds=20))
        self.news = asyncio.Event()

    def desk(self) -> Desk:
        return Desk(
            recorder=self.recorder,
            logs=self.logs,
            new_output=partial(Output, self.clock, self.limits),
            rest=lambda _failures: asyncio.sleep(0.01),
            news=self.news.set,
        )

    def start(self, program: Program, work: Work | None = None) -> "Supervised":
        return self.start_on(self.kind.make(program), work)

    def start_on(self, runtime: Runtime, work: Work | None = None) -> "Supervised":
        launcher = Launcher(runtime=runtime)
        supervision = Supervision(work or a_work(), launcher, self.desk())
        return Supervised(supervision, self)


class Supervised:
    """A child under supervision."""

    def __init__(self, supervision: Supervision, bench: Bench) -> None:
        self.supervision = supervision
        self.finished = asyncio.Event()
        self._outcome: Outcome | None = None
        self._bench = bench
        self._task = asyncio.create_task(supervision.run(self._finish))

    async def outcome(self) -> Outcome | None:
        async with asyncio.timeout(HANG_LIMIT):
            await self._task
        return self._outcome

    async def wrote(self, message: str) -> None:
        """Wait for a line of its output."""
        async with asyncio.timeout(HANG_LIMIT):
            await self._bench.logs.holds(message)

    async def execution(self) -> Execution:
        """Return what is written down of it."""
        work = self.supervision.work
        return await self._bench.store.load(work.namespace, work.lease.lease_id)

    def _finish(self, outcome: Outcome | None) -> None:
        self._outcome = outcome
        self.finished.set()


def both_loops(config: Any, item: Any) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Servers run on uvloop, whose pipes and watched files are its own."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
