"""Batches of a run's entries and lines, as calls of the state service."""

from __future__ import annotations

from collections.abc import Callable

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.state.v1.journal_pb2 import JournalEntry, TaskRunCalled, TaskRunMoved
from penstock.api.state.v1.journal_service_pb2 import AppendJournalRequest
from penstock.api.state.v1.journal_service_pb2_grpc import JournalServiceStub
from penstock.api.state.v1.log_pb2 import LogLine
from penstock.api.state.v1.log_service_pb2 import AppendLogsRequest
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.state.v1.state_pb2 import AttemptCause, StateType
from penstock.api.state.v1.state_pb2 import State as WireState
from penstock.api.state.v1.step_pb2 import StepKey, Upstream, UpstreamKind
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.client.entries import END_OF_LOG, Called, Edge, Entry, Line, Moved
from penstock.client.wire.failures import failure_message
from penstock.client.wire.owned import Owned
from penstock.client.wire.payloads import inline
from penstock.client.wire.states import LONGEST_MESSAGE, TYPES
from penstock.client.wire.states import LONGEST_NAME as LONGEST_STATE_NAME
from penstock.client.wire.times import timestamp
from penstock.errors import SequenceGap
from penstock.ground.labels import MOST_TAGS
from penstock.ground.texts import CUT, carried, cut
from penstock.wire_errors import named_errors

LONGEST_NAME = 400
LONGEST_LINE = 65_536
MOST_UPSTREAM = 10_000
# Who counts the lines: the process under the run, not its worker.
SOURCE = "run"

_KINDS = {name.removeprefix("UPSTREAM_KIND_"): value for name, value in UpstreamKind.items()}


class Batches:
    """Sends one run's journal and log."""

    def __init__(
        self, channel: grpc.aio.Channel, owned: Owned, new_id: Callable[[], str]
    ) -> None:
        self._journal = JournalServiceStub(channel)
        self._logs = LogServiceStub(channel)
        self._owned, self._new_id = owned, new_id
        self._batch = 0
        self._request_id = ""
        self._lines_lost = 0

    async def append_journal(self, first: int, batch: list[Entry], /) -> None:
        if first != self._batch:
            self._batch, self._request_id = first, self._new_id()
        request = AppendJournalRequest(
            request_id=self._request_id,
            namespace=self._owned.namespace,
            run=self._owned.run(),
            lease=self._owned.lease.message(),
            first_sequence=first,
            entries=[_entry(each) for each in batch],
        )
        with named_errors():
            await self._journal.AppendJournal(request)

    async def append_logs(self, first: int, batch: list[Line], /) -> None:
        try:
            await self._append_lines(first, batch)
        except SequenceGap as gap:
            # The server lost lines that it had taken; those that follow need not be lost too.
            self._lines_lost = first - int(gap.metadata["expected"])
            await self._append_lines(first, batch)

    async def _append_lines(self, first: int, batch: list[Line]) -> None:
        offset = first - self._lines_lost
        lines = [line for line in batch if line is not END_OF_LOG]
        request = AppendLogsRequest(
            namespace=self._owned.namespace,
            run=self._owned.run(),
            lease=self._owned.lease.message(),
            source=SOURCE,
            lines=[_line(place, line) for place, line in enumerate(lines, offset)],
            last=len(lines) < len(batch),
        )
        with named_errors():
            await self._logs.AppendLogs(request)


def _entry(entry: Entry) -> JournalEntry:
    time = timestamp(entry.time)
    if isinstance(entry, Called):
        return JournalEntry(time=time, called=_called(entry))
    return JournalEntry(time=time, moved=_moved(entry, time))


def _called(entry: Called) -> TaskRunCalled:
    key, source, inputs, occurrence = entry.step
    return TaskRunCalled(
        task_run_id=entry.task_run_id,
        name=cut(entry.name, LONGEST_NAME),
        task_name=entry.task_name,
        step=StepKey(
            task_key=cut(key, LONGEST_NAME),
            source_digest=source,
            input_digest=inputs,
            occurrence=occurrence,
        ),
        parent_task_run_id=entry.parent_task_run_id,
        upstream=map(_upstream, entry.upstream[:MOST_UPSTREAM]) if entry.upstream else (),
        tags=entry.tags[:MOST_TAGS],
        has_rollback_hook=entry.has_rollback_hook,
        state_type=(
            StateType.STATE_TYPE_RUNNING if entry.running else StateType.STATE_TYPE_PENDING
        ),
    )


def _upstream(edge: Edge) -> Upstream:
    if edge.flow_run_id:
        run = RunRef(flow_run_id=edge.flow_run_id)
    else:
        run = RunRef(task_run_id=edge.task_run_id)
    return Upstream(run=run, kind=_KINDS[edge.kind], parameter=edge.parameter)


def _moved(entry: Moved, time: Timestamp) -> TaskRunMoved:
    state = WireState(
        state_type=TYPES[entry.state_type],
        name=cut(entry.name, LONGEST_STATE_NAME) if entry.name else "",
        message=cut(entry.message, LONGEST_MESSAGE),
        time=time,
        rolled_back=entry.rolled_back,
    )
    if entry.scheduled:
        state.scheduled_time.CopyFrom(timestamp(entry.scheduled))
    moved = TaskRunMoved(task_run_id=entry.task_run_id, state=state, attempt=entry.attempt)
    if entry.attempt:
        moved.attempt_cause = (
            AttemptCause.ATTEMPT_CAUSE_RETRY
            if entry.retried
            else AttemptCause.ATTEMPT_CAUSE_FIRST
        )
    if entry.result is not None:
        moved.result.CopyFrom(inline(entry.result))
    elif entry.failure is not None:
        moved.failure.CopyFrom(failure_message(entry.failure))
    return moved


def _line(offset: int, line: Line) -> LogLine:
    message = carried(line.message)
    if 4 * len(message) > LONGEST_LINE and len(message.encode()) > LONGEST_LINE:
        kept = message.encode()[: LONGEST_LINE - 20]
        message = kept.decode(errors="ignore") + CUT
    return LogLine(
        offset=offset,
        time=timestamp(line.time),
        level=min(max(line.level, 0), 100),
        logger=cut(line.logger, 200),
        message=message,
        task_run_id=line.task_run_id,
    )
