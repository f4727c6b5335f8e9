"""The journal of a flow run: what its tasks did, in order."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.api.state.v1.journal_pb2 import JournalEntry, TaskRunCalled, TaskRunMoved
from penstock.api.state.v1.journal_service_pb2 import AppendJournalRequest
from penstock.api.state.v1.journal_service_pb2_grpc import JournalServiceStub
from penstock.api.state.v1.state_pb2 import AttemptCause, StateType
from penstock.api.state.v1.step_pb2 import Upstream, UpstreamKind
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.client.entries import Called, Edge, Entry, Moved
from penstock.client.wire.failures import failure_message
from penstock.client.wire.owned import Owned
from penstock.client.wire.payloads import write_inline
from penstock.client.wire.states import LONGEST_MESSAGE, TYPES
from penstock.client.wire.states import LONGEST_NAME as LONGEST_STATE_NAME
from penstock.client.wire.times import write_timestamp
from penstock.ground.labels import MOST_TAGS
from penstock.ground.texts import cut

LONGEST_NAME = 400
MOST_UPSTREAM = 10_000

_KINDS = {name.removeprefix("UPSTREAM_KIND_"): value for name, value in UpstreamKind.items()}


class Journal:
    """Asks the state service to record what the tasks of a run do."""

    def __init__(self, connection: Connection) -> None:
        self._stub = JournalServiceStub(connection.state)

    async def append(
        self, owned: Owned, entries: Sequence[Entry], *, first: int, request_id: str
    ) -> None:
        """Append entries of an owned run; `first` is the sequence of the first, from 1."""
        request = AppendJournalRequest(
            request_id=request_id,
            namespace=owned.namespace,
            run=owned.run(),
            lease=owned.lease.message(),
            first_sequence=first,
        )
        for entry in entries:
            write_entry(request.entries.add(), entry)
        await ask(self._stub.AppendJournal, request)


# Messages are filled where they stand: one that is made apart and then put into another is
# copied, level by level, and that took five times as long. Fields at rest are left alone.
def write_entry(into: JournalEntry, entry: Entry) -> None:
    """Fill a message of the contract from what was recorded."""
    write_timestamp(into.time, entry.time)
    if isinstance(entry, Called):
        _write_called(into.called, entry)
    else:
        _write_moved(into.moved, entry)


def _write_called(into: TaskRunCalled, entry: Called) -> None:
    into.task_run_id = entry.task_run_id
    into.name = cut(entry.name, LONGEST_NAME)
    into.task_name = entry.task_name
    into.state_type = (
        StateType.STATE_TYPE_RUNNING if entry.running else StateType.STATE_TYPE_PENDING
    )
    step, key = into.step, entry.step
    step.task_key = cut(key.task_key, LONGEST_NAME)
    step.source_digest, step.input_digest = key.source_digest, key.input_digest
    step.occurrence = key.occurrence
    if entry.parent_task_run_id:
        into.parent_task_run_id = entry.parent_task_run_id
    if entry.upstream:
        for edge in entry.upstream[:MOST_UPSTREAM]:
            _write_upstream(into.upstream.add(), edge)
    if entry.tags:
        into.tags.extend(entry.tags[:MOST_TAGS])
    if entry.has_rollback_hook:
        into.has_rollback_hook = True


def _write_upstream(into: Upstream, edge: Edge) -> None:
    if edge.flow_run_id:
        into.run.flow_run_id = edge.flow_run_id
    else:
        into.run.task_run_id = edge.task_run_id
    into.kind, into.parameter = _KINDS[edge.kind], edge.parameter


def _write_moved(into: TaskRunMoved, entry: Moved) -> None:
    into.task_run_id = entry.task_run_id
    state = into.state
    state.state_type = TYPES[entry.state_type]
    write_timestamp(state.time, entry.time)
    if entry.name:
        state.name = cut(entry.name, LONGEST_STATE_NAME)
    if entry.message:
        state.message = cut(entry.message, LONGEST_MESSAGE)
    if entry.rolled_back:
        state.rolled_back = True
    if entry.scheduled:
        write_timestamp(state.scheduled_time, entry.scheduled)
    if entry.attempt:
        into.attempt = entry.attempt
        into.attempt_cause = (
            AttemptCause.ATTEMPT_CAUSE_RETRY
            if entry.retried
            else AttemptCause.ATTEMPT_CAUSE_FIRST
        )
    if entry.result is not None:
        write_inline(into.result, entry.result)
    elif entry.failure is not None:
        into.failure.CopyFrom(failure_message(entry.failure))
