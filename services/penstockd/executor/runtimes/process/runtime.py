"""Starts runs as processes of this machine, and finds what a crashed executor left of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack

from penstockd.executor.rules.environment import ChildEnvironment
from penstockd.executor.rules.work import Launch, Program, Work
from penstockd.executor.runtimes import CannotStart, Child, Handle, Job, Keep
from penstockd.executor.runtimes.child_wire import job_message
from penstockd.executor.runtimes.process.child import ProcessChild, end, spawn
from penstockd.executor.runtimes.process.marks import ProcessMark, is_left
from penstockd.executor.runtimes.process.orphan import OrphanedProcess
from penstockd.executor.runtimes.process.strays import VARIABLE

# -P: a module in the folder of the executor must not stand in for one that the child imports.
PROGRAM = ("-P", "-m", "penstock.child")
NOTHING = ChildEnvironment()


class ProcessRuntime:
    """A child knows its executor's end by the end of its pipe."""

    name = "process"

    def __init__(
        self,
        *,
        interpreter: str,
        program: Sequence[str] = PROGRAM,
        environment: ChildEnvironment = NOTHING,
    ) -> None:
        self.note = environment.note
        self._interpreter = interpreter
        self._program = program
        self._environment = environment.variables
        self._orphaned: set[int] = set()

    async def start(self, launch: Launch, job: Job, *, keep: Keep) -> Child:
        if launch.program is not Program.PYTHON:
            raise CannotStart(
                "this worker starts only programs in PYTHON, and this one is "
                f"{launch.program}: deploy it to a pool whose workers start such programs"
            )
        self._bury_orphans()
        child, writer = self._spawned(launch, job.work)
        try:
            await child.connect(writer)
            await keep(child.mark.handle)
        except BaseException:
            child.abandon()
            raise
        # It waits for this before it loads anything of the user's.
        child.write(job_message(job))
        return child

    async def find(self, handle: Handle) -> Child | None:
        mark = ProcessMark.of(handle)
        return OrphanedProcess(mark) if mark is not None and is_left(mark) else None

    def _spawned(self, launch: Launch, work: Work) -> tuple[ProcessChild, int]:
        """Return the child, and the end of its pipe to write to."""
        lease_id = str(work.lease.lease_id)
        # The title tells lists of processes which run it is; the child reads nothing of it.
        argv = [launch.interpreter or self._interpreter, *self._program, work.title]
        try:
            with ExitStack() as undo:
                reader, writer = os.pipe()
                undo.callback(os.close, writer)
                try:
                    variables = {**self._environment, **launch.environment}
                    variables[VARIABLE] = lease_id
                    process = spawn(argv, reader, variables)
                finally:
                    os.close(reader)
                # What cannot be watched must not run on by itself.
                undo.callback(end, process)
                child = ProcessChild(process, lease_id, self._orphaned.add)
                undo.pop_all()
                return child, writer
        except (OSError, ValueError) as error:
            why = (
                getattr(error, "strerror", None)
                or "its name or an argument contains a NUL character"
            )
            raise CannotStart(f"cannot start {argv[0]}: {why}") from error

    def _bury_orphans(self) -> None:
        """As the first process of a container we inherit what a group left behind.

        Before anything new is started, which might get the id of a group that is gone.
        """
        for group in list(self._orphaned):
            try:
                while os.waitid(os.P_PGID, group, os.WEXITED | os.WNOHANG):
                    pass
            except ChildProcessError:
                self._orphaned.discard(group)
