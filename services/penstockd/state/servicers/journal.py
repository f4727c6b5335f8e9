"""JournalService: a thousand entries to a call, so that every microsecond here counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import grpc

from penstock.api.state.v1 import journal_pb2
from penstock.api.state.v1 import journal_service_pb2 as pb
from penstock.api.state.v1.journal_service_pb2_grpc import (
    JournalServiceServicer,
    add_JournalServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import invalid, optional_uuid, uuid_of
from penstockd.chassis.wire.intents import intent_of
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import put_time, time_from_proto
from penstockd.state.rules.state import NAMES, S, State
from penstockd.state.rules.task_run import Called, Entry, Moved
from penstockd.state.servicers.values import (
    CAUSES,
    STATE_TYPES,
    clean,
    lease_ref_of,
    put_state,
    state_of,
)
from penstockd.state.usecases.journal import Append, Journals

_FIRST_TYPES = {
    number: it for number, it in STATE_TYPES.items() if it in (S.PENDING, S.RUNNING)
}


class JournalServicer(JournalServiceServicer):
    def __init__(self, journals: Journals) -> None:
        self._journals = journals

    def add_to(self, server: grpc.aio.Server) -> None:
        add_JournalServiceServicer_to_server(self, server)

    async def AppendJournal(
        self, request: pb.AppendJournalRequest, context: object
    ) -> pb.AppendJournalResponse:
        next_sequence = await self._journals.append(_append(request))
        return pb.AppendJournalResponse(next_sequence=next_sequence)


def task_runs_named(kept: bytes) -> Sequence[UUID]:
    """Return the task run of each entry of a batch as it is kept: as its request."""
    request = pb.AppendJournalRequest.FromString(kept)
    return [UUID(entry.task_run_id) for entry in request.entries]


def pack_moves(moves: Sequence[Moved]) -> bytes:
    """Return moves of the service itself as the request that would have brought them."""
    request = pb.AppendJournalRequest()
    for move in moves:
        entry = request.entries.add(task_run_id=str(move.task_run_id))
        put_time(entry.time, move.state.time)
        put_state(entry.moved.state, move.state)
    return packed(request)


def _append(request: pb.AppendJournalRequest) -> Append:
    # The request itself is the record of its entries; one serialisation serves the hash too.
    kept = packed(request)
    return Append(
        intent=intent_of(request, body=kept),
        flow_run_id=uuid_of(request.flow_run_id, "flow_run_id"),
        lease=lease_ref_of(request.lease, "lease"),
        first_sequence=request.first_sequence,
        entries=read_entries(request.entries),
        packed=kept,
    )


def read_entries(messages: Any) -> list[Entry]:
    ids: dict[str, UUID] = {}  # most task runs have two entries in a batch
    entries: list[Entry] = []
    for index, message in enumerate(messages):
        text = message.task_run_id
        task_run_id = ids.get(text)
        if task_run_id is None:
            task_run_id = ids[text] = uuid_of(text, f"entries[{index}].task_run_id")
        time = time_from_proto(message.time, "entries.time")
        what = message.WhichOneof("entry")
        if what == "moved":
            entries.append(_moved(task_run_id, time, message.moved))
        elif what == "called":
            entries.append(_called(task_run_id, time, message.called))
        else:
            raise invalid(f"entries[{index}].entry", "it says nothing")
    return entries


def _called(task_run_id: UUID, time: datetime, called: journal_pb2.TaskRunCalled) -> Called:
    step = called.step
    state_type = _FIRST_TYPES.get(called.state_type)
    if state_type is None:
        raise invalid("called.state_type", "a task is called in PENDING or RUNNING")
    tags = called.tags
    return Called(
        task_run_id,
        clean(called.name),
        clean(called.task_name),
        clean(step.task_key),
        step.source_digest,
        step.input_digest,
        step.occurrence,
        optional_uuid(called.parent_task_run_id, "called.parent_task_run_id"),
        called.upstream_task_run_ids,
        [clean(tag) for tag in tags] if tags else (),
        called.has_rollback_hook,
        State(state_type, time, NAMES[state_type]),
    )


def _moved(task_run_id: UUID, time: datetime, moved: journal_pb2.TaskRunMoved) -> Moved:
    return Moved(
        task_run_id,
        state_of(moved.state, "moved.state", time),
        moved.attempt,
        CAUSES.get(moved.attempt_cause),
        packed(moved.result) if moved.HasField("result") else b"",
    )
