"""One child under one run: from its hand-out until nothing of it is left."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from penstock import telemetry
from penstock.spans import ROOT
from penstockd.chassis.logs import RUNS
from penstockd.executor.peers import LeasePhase, Logs, Outcome, OutcomeKind
from penstockd.executor.rules.log_line import LogBatch, shortened
from penstockd.executor.rules.stopping import Cause, Pace, StopStage, escalate, overrules
from penstockd.executor.rules.work import Work
from penstockd.executor.runtimes import Cancel, CannotStart, Child, Exit, Handle, Job, Runtime
from penstockd.executor.usecases.output import Output
from penstockd.executor.usecases.recording import ExecutionRecorder

logger = logging.getLogger(__name__)
runs = logging.getLogger(RUNS)

# What escaped from a child may hold its streams open: it is not waited for longer than this.
DRAIN_LIMIT = timedelta(seconds=2)
# The end of a run is told after its last lines, unless those cannot be delivered.
FLUSH_LIMIT = timedelta(seconds=10)
LONGEST_MESSAGE = 2_000
# What a run failed of whose child left no end.
PROCESS_DIED = "penstock.ProcessDied"
CANNOT_START = "penstock.CannotStart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Launcher:
    """What starts children here, and where they find each service, by its name."""

    runtime: Runtime
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopOrder:
    """A stop that was ordered."""

    cause: Cause
    why: str
    pace: Pace
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a supervision writes what it sees."""

    recorder: ExecutionRecorder
    logs: Logs
    new_output: Callable[[], Output]
    rest: Callable[[int], Awaitable[None]]
    news: Callable[[], None] = field(default=lambda: None)


class Supervision:
    """`phase` is what is reported of the lease."""

    def __init__(self, work: Work, launcher: Launcher, desk: Desk) -> None:
        self.work = work
        self.phase = LeasePhase.ACKNOWLEDGED
        self.begun = False
        self._launcher = launcher
        self._desk = desk
        self._order: StopOrder | None = None
        self._ordered = asyncio.Event()
        self._hardest = StopStage.NONE
        self._how = ""

    @property
    def cause(self) -> Cause | None:
        """Return why it is being stopped, if it is."""
        return self._order.cause if self._order else None

    def stop(self, cause: Cause, why: str, pace: Pace) -> None:
        """Order the stop; a second order changes nothing, unless it is more urgent."""
        if not overrules(cause, self.cause):
            return
        now = asyncio.get_running_loop().time()
        self._order = StopOrder(cause=cause, why=why, pace=pace, at=now)
        self._hardest = min(self._hardest, StopStage.TOKEN)
        self._ordered.set()
        if cause is Cause.CANCEL:
            self.phase = LeasePhase.CANCELLING
            self._desk.news()

    async def run(self, finish: Callable[[Outcome | None], None]) -> None:
        """Return when all is over and every line is kept.

        `finish` gets what to tell of the lease once that is known: nothing if it was lost.
        """
        work, output = self.work, self._desk.new_output()
        await self._desk.recorder.begin(work, runtime=self._launcher.runtime.name)
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(output.send(self._append_to(work), self._desk.rest))
            end = await self._execute(output)
            self._how = end.message
            output.close()
            await asyncio.wait([sending], timeout=FLUSH_LIMIT.total_seconds())
            outcome = self._outcome(end)
            if outcome is None:
                self.tell_end()
            finish(outcome)
            await self._desk.recorder.ended(
                work.lease.lease_id,
                message=end.message,
                exit_code=end.code,
                captured_size=output.captured_size,
            )
            if self.cause is Cause.LOST:
                sending.cancel()

    def tell_end(self, state_name: str = "") -> None:
        """Say how the child ended, and the run; of a lease that was lost others know."""
        runs.info("run.ended", extra=self._about(how=self._how, state=state_name or "lost"))

    async def _execute(self, output: Output) -> Exit:
        work = self.work
        attributes = {"penstock.flow_run_id": str(work.flow_run_id)}
        parent = work.traceparent or ROOT
        with telemetry.span(
            "executor.child_process", parent=parent, attributes=attributes
        ) as span:
            if self._order is not None:
                return Exit(message="stopped before it began", started=False)
            job = Job(
                work=work, traceparent=span.traceparent, addresses=self._launcher.addresses
            )
            if self._launcher.runtime.note:
                output.note_aside(self._launcher.runtime.note)
            try:
                child = await self._launcher.runtime.start(work.launch, job, keep=self._keep)
            except CannotStart as error:
                span.fail(str(error))
                output.note(str(error), level=40)
                return Exit(message=str(error), started=False)
            try:
                end = await self._accompany(child, output)
            finally:
                await child.stop(StopStage.KILL)
                await child.close()
            if end.code is not None:
                span.set("process.exit.code", end.code)
            return end

    async def _keep(self, handle: Handle) -> None:
        """From here on the user's code may run, and a crash of ours is found by the handle."""
        await self._desk.recorder.running(self.work.lease.lease_id, handle)
        self.begun = True
        runs.info("run.began", extra=self._about(child=handle))
        if self.phase is LeasePhase.ACKNOWLEDGED:
            self.phase = LeasePhase.RUNNING
            self._desk.news()

    def _about(self, **more: str) -> Mapping[str, str]:
        return {"run": self.work.title, "flow_run": str(self.work.flow_run_id)} | more

    async def _accompany(self, child: Child, output: Output) -> Exit:
        async with asyncio.TaskGroup() as tasks:
            captures = [
                tasks.create_task(output.capture(name, stream)) for name, stream in child.output
            ]
            end = await self._until_exit(child)
            output.hurry()
            # A child without streams has none to wait for.
            if captures:
                await asyncio.wait(captures, timeout=DRAIN_LIMIT.total_seconds())
            for capture in captures:
                capture.cancel()
        return end

    async def _until_exit(self, child: Child) -> Exit:
        exited = asyncio.ensure_future(child.wait())
        loop = asyncio.get_running_loop()
        try:
            while not exited.done():
                self._ordered.clear()
                next_in = await self._take_stages(child, loop.time())
                ordered = asyncio.ensure_future(self._ordered.wait())
                await asyncio.wait(
                    [exited, ordered], timeout=next_in, return_when=asyncio.FIRST_COMPLETED
                )
                ordered.cancel()
        finally:
            exited.cancel()
        return exited.result()

    async def _take_stages(self, child: Child, now: float) -> float | None:
        """Do what the order asks for by now; return how long until the next stage."""
        order = self._order
        if order is None:
            return None
        elapsed = timedelta(seconds=now - order.at)
        due = escalate(order.pace, elapsed=elapsed, done=self._hardest)
        if due.stages and self._hardest is StopStage.NONE:
            await self._desk.recorder.stopping(self.work.lease.lease_id, order.why)
        for stage in due.stages:
            logger.info(
                "execution.stopping",
                extra={"execution": str(self.work.lease.lease_id), "stage": stage.name},
            )
            if stage is StopStage.TOKEN:
                grace = order.pace.terminate_after
                await child.deliver(Cancel(message=order.why, grace=grace))
            else:
                await child.stop(stage)
            self._hardest = stage
        return None if due.next_in is None else due.next_in.total_seconds()

    def failed(self, message: str) -> Outcome:
        """Return what is told of a child that nobody could watch to its end."""
        self._how = message
        return replace(self._ended(message), interrupted=True)

    def _ended(self, message: str, error_type: str = PROCESS_DIED) -> Outcome:
        return self._told(OutcomeKind.ENDED, message, error_type)

    def _outcome(self, end: Exit) -> Outcome | None:
        order, message = self._order, end.message
        error_type = PROCESS_DIED if end.started else CANNOT_START
        if order is None:
            return replace(self._ended(message, error_type), interrupted=end.interrupted)
        if order.cause is Cause.LOST:
            return None
        message = f"{order.why}: {message}"
        if order.cause is Cause.CANCEL:
            return self._told(OutcomeKind.CANCELLED, message)
        if order.cause is Cause.DRAIN and not self.begun:
            return self._told(OutcomeKind.GIVEN_BACK, message)
        ended = self._ended(message, error_type)
        return replace(ended, interrupted=order.cause is Cause.DRAIN)

    def _told(self, kind: OutcomeKind, message: str, error_type: str = "") -> Outcome:
        return Outcome(
            lease=self.work.lease,
            kind=kind,
            message=shortened(message, LONGEST_MESSAGE),
            error_type=error_type,
        )

    def _append_to(self, work: Work) -> Callable[[LogBatch], Awaitable[int]]:
        return lambda batch: self._desk.logs.append(work, batch)
