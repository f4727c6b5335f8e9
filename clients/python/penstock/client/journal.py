"""The journal of a flow run: what its tasks did, in order."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.state.v1.journal_pb2 import JournalEntry, TaskRunCalled, TaskRunMoved
from penstock.api.state.v1.journal_service_pb2 import AppendJournalRequest
from penstock.api.state.v1.journal_service_pb2_grpc import JournalServiceStub
from penstock.api.state.v1.state_pb2 import AttemptCause, StateType
from penstock.api.state.v1.state_pb2 import State as WireState
from penstock.api.state.v1.step_pb2 import StepKey, Upstream, UpstreamKind
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.client.entries import Called, Edge, Entry, Moved
from penstock.client.wire.failures import failure_message
from penstock.client.wire.owned import Owned
from penstock.client.wire.payloads import inline
from penstock.client.wire.states import LONGEST_MESSAGE, TYPES
from penstock.client.wire.states import LONGEST_NAME as LONGEST_STATE_NAME
from penstock.client.wire.times import timestamp
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
            entries=map(_entry, entries),
        )
        await ask(self._stub.AppendJournal, request)


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
