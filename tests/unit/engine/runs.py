"""Runs as the engine has them, with a journal that a test can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hanging import HANG_LIMIT
from penstock.client.entries import Called, Entry, Line, Moved
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.declarations import FlowOptions
from penstock.engine.contexts import FlowRunContext, FlowRunFacts, TaskCall, TaskRunContext
from penstock.engine.undoing import Transaction
from penstock.flows import Flow
from penstock.ground.cancelling import CancelToken
from penstock.ground.loop_thread import LoopThread
from penstock.ground.patience import Patience
from penstock.recording.ordered_queue import Way
from penstock.recording.recorder import Recorder
from penstock.task_runners import ThreadPoolTaskRunner
from penstock.tasks import Task

FLOW_RUN = "0190a0a0-0000-7000-8000-000000000001"
TASK_RUN = "0190a0a0-0000-7000-8000-000000000002"


class Journal:
    """Takes what a recorder sends."""

    def __init__(self, recorder: Recorder, taken: list[Entry], lines: list[Line]) -> None:
        self.recorder, self._taken, self._lines = recorder, taken, lines

    def moves(self) -> list[Moved]:
        self.recorder.barrier().result(HANG_LIMIT)
        return [each for each in self._taken if isinstance(each, Moved)]

    def calls(self) -> list[Called]:
        self.recorder.barrier().result(HANG_LIMIT)
        return [each for each in self._taken if isinstance(each, Called)]

    def lines(self) -> list[Line]:
        self.recorder.log_barrier().result(HANG_LIMIT)
        return list(self._lines)


@contextmanager
def a_journal() -> Iterator[Journal]:
    loop = LoopThread()
    taken: list[Entry] = []
    lines: list[Line] = []

    async def take_entries(_first: int, batch: list[Entry], /) -> None:
        taken.extend(batch)

    async def take_lines(_first: int, batch: list[Line], /) -> None:
        lines.extend(batch)

    recorder = Recorder(Way(loop=loop, patience=Patience("state")), take_entries, take_lines)
    yield Journal(recorder, taken, lines)
    loop.stop()


def a_flow_run(journal: Journal, *, retries: int = 0) -> FlowRunContext:
    flow = Flow(lambda: None, FlowOptions(name="travel", retries=retries))
    return FlowRunContext(
        flow=flow,
        flow_run=FlowRunFacts(id=FLOW_RUN, name="calm", flow_name="travel"),
        owned=Owned(namespace="default", flow_run_id=FLOW_RUN, lease=LeaseRef(FLOW_RUN, 1)),
        recorder=journal.recorder,
        cancel=CancelToken(),
        task_runner=ThreadPoolTaskRunner(),
        finished={} if retries else None,
    )


def a_task_run(
    task: Task[Any, Any],
    run: FlowRunContext | None = None,
    *args: Any,
    inside: Transaction | None = None,
) -> TaskRunContext:
    call = TaskCall(task, args, {}, TASK_RUN, f"{task.name}-0")
    return TaskRunContext(call=call, run=run, outer_transaction=inside)
