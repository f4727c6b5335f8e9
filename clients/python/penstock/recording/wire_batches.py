"""Batches of a run's entries and lines, as calls of the state service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
from penstock.api.state.v1.task_run_pb2 import StepKey
from penstock.api.type.v1.lease_ref_pb2 import LeaseRef
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.labels import MOST_TAGS
from penstock.recording.entries import Called, Entry, Line, Moved
from penstock.texts import CUT, carried, cut
from penstock.wire_errors import named_errors

LONGEST_NAME = 400
LONGEST_MESSAGE = 16_384
LONGEST_LINE = 65_536

_SECOND = 1_000_000_000
_TYPES = {name.removeprefix("STATE_TYPE_"): value for name, value in StateType.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A run and the lease under which everything about it is written."""

    namespace: str
    flow_run_id: str
    lease_id: str
    fence: int


class Batches:
    """Sends one run's journal and log."""

    def __init__(
        self, channel: grpc.aio.Channel, owned: Owned, new_id: Callable[[], str]
    ) -> None:
        self._journal = JournalServiceStub(channel)
        self._logs = LogServiceStub(channel)
        self._owned, self._new_id = owned, new_id
        self._lease = LeaseRef(lease_id=owned.lease_id, fence=owned.fence)
        self._batch = 0
        self._request_id = ""

    async def append_journal(self, first: int, batch: list[Entry], /) -> None:
        if first != self._batch:
            self._batch, self._request_id = first, self._new_id()
        request = AppendJournalRequest(
            request_id=self._request_id,
            namespace=self._owned.namespace,
            flow_run_id=self._owned.flow_run_id,
            lease=self._lease,
            first_sequence=first,
            entries=[_entry(each) for each in batch],
        )
        with named_errors():
            await self._journal.AppendJournal(request)

    async def append_logs(self, first: int, batch: list[Line], /) -> None:
        request = AppendLogsRequest(
            namespace=self._owned.namespace,
            flow_run_id=self._owned.flow_run_id,
            lease=self._lease,
            source="run",
            lines=[_line(offset, each) for offset, each in enumerate(batch, first)],
        )
        with named_errors():
            await self._logs.AppendLogs(request)


def timestamp(nanoseconds: int) -> Timestamp:
    return Timestamp(seconds=nanoseconds // _SECOND, nanos=nanoseconds % _SECOND)


def _entry(entry: Entry) -> JournalEntry:
    time = timestamp(entry.time)
    if isinstance(entry, Called):
        return JournalEntry(task_run_id=entry.task_run_id, time=time, called=_called(entry))
    return JournalEntry(task_run_id=entry.task_run_id, time=time, moved=_moved(entry, time))


def _called(entry: Called) -> TaskRunCalled:
    key, source, inputs, occurrence = entry.step
    return TaskRunCalled(
        name=cut(entry.name, LONGEST_NAME),
        task_name=entry.task_name,
        step=StepKey(
            task_key=cut(key, LONGEST_NAME),
            source_digest=source,
            input_digest=inputs,
            occurrence=occurrence,
        ),
        parent_task_run_id=entry.parent_task_run_id,
        upstream_task_run_ids=entry.upstream[:10_000],
        tags=entry.tags[:MOST_TAGS],
        has_rollback_hook=entry.has_rollback_hook,
        state_type=(
            StateType.STATE_TYPE_RUNNING if entry.running else StateType.STATE_TYPE_PENDING
        ),
    )


def _moved(entry: Moved, time: Timestamp) -> TaskRunMoved:
    state = WireState(
        type=_TYPES[entry.state_type],
        name=entry.name,
        message=cut(entry.message, LONGEST_MESSAGE),
        time=time,
        rolled_back=entry.rolled_back,
    )
    if entry.scheduled:
        state.scheduled_time.CopyFrom(timestamp(entry.scheduled))
    moved = TaskRunMoved(state=state, attempt=entry.attempt)
    if entry.attempt:
        moved.attempt_cause = (
            AttemptCause.ATTEMPT_CAUSE_RETRY
            if entry.retried
            else AttemptCause.ATTEMPT_CAUSE_FIRST
        )
    if entry.result is not None:
        content_type, data = entry.result
        moved.result.CopyFrom(Payload(content_type=content_type, inline=data))
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
