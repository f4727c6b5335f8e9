"""JournalService: a thousand entries to a call, so that every microsecond here counts."""

from datetime import datetime
from typing import Any
from uuid import UUID

import grpc

from penstock.api.state.v1 import journal_pb2, task_run_pb2
from penstock.api.state.v1 import journal_service_pb2 as pb
from penstock.api.state.v1.journal_service_pb2_grpc import (
    JournalServiceServicer,
    add_JournalServiceServicer_to_server,
)
from penstock.errors import NotSupportedYet, PenstockError
from penstockd.chassis.wire.fields import invalid, optional_uuid, uuid_of
from penstockd.chassis.wire.intents import intent_of
from penstockd.chassis.wire.keys import NUMBER
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.pages import page_of
from penstockd.chassis.wire.times import time_from_proto
from penstockd.state.rules.state import NAMES, S, State
from penstockd.state.rules.task_run import Called, Entry, Moved, fence_and_sequence
from penstockd.state.servicers.run_refs import flow_run_of, run_ref_of
from penstockd.state.servicers.values import CAUSES, STATE_TYPES, lease_ref_of, state_of
from penstockd.state.store.journal_wire import pack_request
from penstockd.state.store.ports.journal import Recorded
from penstockd.state.usecases.journal import Append, Journals

USUAL_SIZE = 200
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

    async def ListJournal(
        self, request: pb.ListJournalRequest, context: object
    ) -> pb.ListJournalResponse:
        page = page_of(request, NUMBER, usual_size=USUAL_SIZE)
        found = await self._journals.page(
            request.namespace,
            run_ref_of(request.run, "run"),
            after=page.after or 0,
            limit=page.limit,
        )
        shown, token = page.cut(found.entries, _to_proto, key=lambda it: it.position)
        if shown and found.more:
            token = page.token(found.entries[len(shown) - 1].position)
        return pb.ListJournalResponse(entries=shown, next_page_token=token)


def _append(request: pb.AppendJournalRequest) -> Append:
    # The request itself is the record of its entries; one serialisation serves the hash too.
    kept = pack_request(request)
    return Append(
        intent=intent_of(request, body=kept),
        flow_run_id=flow_run_of(request.run, "run"),
        lease=lease_ref_of(request.lease, "lease"),
        first_sequence=request.first_sequence,
        entries=read_entries(request.entries),
        packed=kept,
    )


def read_entries(messages: Any) -> list[Entry]:
    ids: dict[str, UUID] = {}  # most task runs have two entries in a batch
    entries: list[Entry] = []
    for index, message in enumerate(messages):
        time = time_from_proto(message.time, "entries.time")
        what = message.WhichOneof("entry")
        if what == "moved":
            moved = message.moved
            text = moved.task_run_id
            task_run_id = ids.get(text)
            if task_run_id is None:
                field = f"entries[{index}].moved.task_run_id"
                task_run_id = ids[text] = uuid_of(text, field)
            entries.append(_moved(task_run_id, time, moved))
        elif what == "called":
            called = message.called
            text = called.task_run_id
            task_run_id = ids[text] = uuid_of(text, f"entries[{index}].called.task_run_id")
            entries.append(_called(task_run_id, time, called))
        else:
            raise _refusal(what, f"entries[{index}]")
    return entries


def _refusal(what: str | None, entry: str) -> PenstockError:
    if what is None:
        return invalid(f"{entry}.entry", "it is empty")
    field = f"{entry}.{what}"
    return NotSupportedYet(f"{field}: only task runs can be recorded so far", field=field)


def _called(task_run_id: UUID, time: datetime, called: journal_pb2.TaskRunCalled) -> Called:
    step = called.step
    state_type = _FIRST_TYPES.get(called.state_type)
    if state_type is None:
        raise invalid("called.state_type", "a task call must begin in PENDING or RUNNING")
    tags, upstream, inputs = called.tags, called.upstream, called.inputs
    return Called(
        task_run_id,
        called.name,
        called.task_name,
        step.task_key,
        step.source_digest,
        step.input_digest,
        step.occurrence,
        optional_uuid(called.parent_task_run_id, "called.parent_task_run_id"),
        # As the part of a task run that they are, which reads them back.
        packed(task_run_pb2.TaskRun(upstream=upstream)) if upstream else b"",
        tuple(tags),
        called.has_rollback_hook,
        packed(task_run_pb2.TaskRun(inputs=inputs)) if inputs else b"",
        State(state_type, time, NAMES[state_type]),
    )


def _moved(task_run_id: UUID, time: datetime, moved: journal_pb2.TaskRunMoved) -> Moved:
    outcome = moved.WhichOneof("outcome")
    return Moved(
        task_run_id,
        state_of(moved.state, "moved.state", time),
        moved.attempt,
        CAUSES.get(moved.attempt_cause),
        packed(moved.result) if outcome == "result" else b"",
        packed(moved.failure) if outcome == "failure" else b"",
    )


def _to_proto(recorded: Recorded) -> journal_pb2.RecordedEntry:
    fence, sequence = fence_and_sequence(recorded.position)
    message = journal_pb2.RecordedEntry(fence=fence, sequence=sequence)
    message.entry.ParseFromString(recorded.entry)
    return message
