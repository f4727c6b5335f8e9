"""The runs that go on in this process, and in which of them the caller is."""

from __future__ import annotations

import itertools
import logging
import os
from collections import deque
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic, time_ns
from typing import TYPE_CHECKING, Any, NamedTuple

from penstock.client.entries import NO_STEP, Line, Step
from penstock.engine.calls.finished import Finished, again, inputs_of_step
from penstock.engine.calls.naming import bound
from penstock.engine.calls.steps import NOT_HASHED, input_digest
from penstock.engine.tally import Tally
from penstock.ground.lasting_loggers import lasting_logger
from penstock.payloads.values import CannotPickle
from penstock.spans import NO_SPAN, Span

if TYPE_CHECKING:
    from penstock.client.wire.owned import Owned
    from penstock.declarations import FlowDeclaration, TaskDeclaration
    from penstock.engine.calls.upstream import Given
    from penstock.engine.undoing import Transaction
    from penstock.futures import PenstockFuture
    from penstock.ground.cancelling import CancelToken
    from penstock.recording.recorder import Recorder
    from penstock.task_runners import TaskRunner

_logger = lasting_logger("penstock.flow_runs")
# Errors beyond these are told again with their stack, if they end the flow too.
MOST_TOLD = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRunFacts:
    """What does not change while a flow run goes on."""

    id: str
    name: str
    flow_name: str
    flow_version: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()
    parent_flow_run_id: str = ""
    root_flow_run_id: str = ""
    deployment_id: str = ""
    deployment_version: int = 0
    scheduled_start_time: datetime | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class FlowRunContext:
    """A flow run that this process owns."""

    flow: FlowDeclaration
    flow_run: FlowRunFacts
    owned: Owned
    recorder: Recorder
    cancel: CancelToken
    task_runner: TaskRunner
    log_prints: bool = False
    attempt: int = 0
    # Counters are made once per key and step atomically under the interpreter's lock.
    name_counters: dict[str, itertools.count[int]] = field(default_factory=dict)
    step_counters: dict[tuple[str, bytes, bytes], itertools.count[int]] = field(
        default_factory=dict
    )
    # What finished in an attempt before, by step; None while nothing can be asked for again.
    finished: dict[Step, Finished] | None = None
    # What steps depend on by identity, by its id.
    referred: dict[int, Any] = field(default_factory=dict)
    futures: list[PenstockFuture[Any]] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    # By task run; it stays over the attempts, until the run is undone or counts after all.
    not_undone: dict[str, str] = field(default_factory=dict)
    # Of which tasks it was told already that what they return is not kept.
    not_kept: set[str] = field(default_factory=set)
    # Of which tasks it was told that a thread calls them outside of every run, and by which
    # call: of threads that come at once, the first one is told of.
    unrecorded: dict[str, object] = field(default_factory=dict)
    # What ended tasks, newest last: the log tells each with its stack once.
    told_errors: deque[BaseException] = field(default_factory=lambda: deque(maxlen=MOST_TOLD))
    tally: Tally = field(default_factory=Tally)
    began: float = field(default_factory=monotonic)

    @property
    def parameters(self) -> Mapping[str, Any]:
        return self.flow_run.parameters

    def task_run_name(self, task_name: str) -> str:
        counter = self.name_counters.get(task_name)
        if counter is None:
            counter = self.name_counters.setdefault(task_name, itertools.count())
        return f"{task_name}-{next(counter)}"

    def step(self, task_key: str, source: bytes, inputs: bytes) -> Step:
        key = (task_key, source, inputs)
        counter = self.step_counters.get(key)
        if counter is None:
            counter = self.step_counters.setdefault(key, itertools.count())
        return Step(task_key, source, inputs, next(counter))

    def begin_attempt(self, attempt: int) -> None:
        """Forget what was counted, so that the same calls get the same steps again."""
        self.attempt, self.cancel.over = attempt, False
        self.step_counters.clear()
        self.futures.clear()
        self.tally = Tally()
        self.undone.clear()

    def inputs_of_step(self, fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """Return the digest of what a call depends on; empty if it has none."""
        if self.finished is None:
            return input_digest(args, kwargs)
        return inputs_of_step(fn, args, kwargs, self.referred)

    def remember(self, step: Step, task_run_id: str, name: str, value: Any) -> str:
        """Keep what came of a step for the next attempt; return why it cannot be kept."""
        unknown = step.task_key and step.input_digest == NOT_HASHED
        if self.finished is None or self.attempt > self.flow.options.retries or unknown:
            return ""
        try:
            self.finished[step] = Finished(task_run_id, name, again(value))
        except CannotPickle as error:
            return f"{error}; so {name} runs again if the flow is retried"
        return ""

    def say_not_kept(self, what: str, why: str, *, level: int = logging.INFO) -> None:
        """Tell, once of each task and of the flow, that what it returns is not kept."""
        if what not in self.not_kept:
            self.not_kept.add(what)
            _logger.log(level, "What %s returned is not stored: %s", what, why)

    def log(self, level: int, logger: str, message: str, task_run_id: str = "") -> None:
        self.recorder.write(Line(time_ns(), level, logger, message, task_run_id))


class TaskCall(NamedTuple):
    """A call of a task as a value, which another process can be given to carry out.

    Attributes:
        task: what is called.
        args: positional arguments; futures and states among them are resolved before it runs.
        kwargs: named arguments, likewise.
        task_run_id: the id of the run that the call becomes.
        name: that run's name.
        step: what tells the call from all others of its flow run; empty outside a flow.
        flow_run_id: the flow run that it belongs to; empty outside a flow.
        parent_task_run_id: the task run that made the call; empty if a flow did.
        tags: words to find the run by.
    """

    task: TaskDeclaration
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    task_run_id: str
    name: str
    step: Step = NO_STEP
    flow_run_id: str = ""
    parent_task_run_id: str = ""
    tags: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True, eq=False)
class TaskRunContext:
    """A task run that goes on in this process; outside a flow, nothing of it is recorded."""

    call: TaskCall
    run: FlowRunContext | None = None
    # What it waits for before its first attempt; None if its arguments are passed as they are.
    given: Given | None = None
    attempt: int = 1
    # Seconds between this attempt and the next one.
    wait: float = 0.0
    # The entry of its call says that the first attempt runs.
    running: bool = False
    # An attempt of the flow before this one called the same step, and it completed.
    finished_before: bool = False
    # Its final state is in the journal, or on its way there: only a rollback may follow it.
    ended: bool = False
    span: Span = NO_SPAN
    # Made when something in the task first needs one.
    own_transaction: Transaction | None = None
    outer_transaction: Transaction | None = None

    @property
    def id(self) -> str:
        return self.call.task_run_id

    @property
    def name(self) -> str:
        return self.call.name

    @property
    def task(self) -> TaskDeclaration:
        return self.call.task

    @property
    def args(self) -> tuple[Any, ...]:
        return self.call.args

    @property
    def kwargs(self) -> dict[str, Any]:
        return self.call.kwargs

    @property
    def tags(self) -> frozenset[str]:
        return tags_var.get() | self.task.options.tags

    @property
    def parameters(self) -> dict[str, Any]:
        """The arguments by name, with the defaults of those left out."""
        return bound(self.task.fn, self.args, self.kwargs)

    @property
    def run_count(self) -> int:
        return self.attempt

    @property
    def cancel(self) -> CancelToken | None:
        return self.run.cancel if self.run is not None else None

    @property
    def log_prints(self) -> bool:
        if self.task.options.log_prints is not None:
            return self.task.options.log_prints
        return self.run is not None and self.run.log_prints


flow_run_var: ContextVar[FlowRunContext | None] = ContextVar("flow_run", default=None)
task_run_var: ContextVar[TaskRunContext | None] = ContextVar("task_run", default=None)
tags_var: ContextVar[frozenset[str]] = ContextVar("tags", default=frozenset())
# Those that go on in this process, oldest first.
going_on: dict[FlowRunContext, None] = {}


def current_flow_run() -> FlowRunContext | None:
    return flow_run_var.get()


def _forget_after_fork() -> None:
    """The runs go on in the parent: a child that returns through them must not end them."""
    flow_run_var.set(None)
    task_run_var.set(None)
    going_on.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
