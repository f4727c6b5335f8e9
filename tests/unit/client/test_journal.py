"""Entries of a journal become messages that say all that is known of them."""

import asyncio
from typing import Any

from penstock.api.state.v1.journal_service_pb2 import (
    AppendJournalRequest,
    AppendJournalResponse,
)
from penstock.api.state.v1.state_pb2 import StateType as WireStateType
from penstock.api.state.v1.step_pb2 import UpstreamKind
from penstock.client.entries import Called, Edge, EdgeKind, Moved, Step
from penstock.client.journal import Journal
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.failures.failure import failure_of
from penstock.ground.ids import new_id
from penstock.states import StateType
from unit.client.channels import Answering, connection_over

OWNED = Owned(namespace="default", flow_run_id=new_id(), lease=LeaseRef(new_id(), 7))
STEP = Step("one@flows.py:one", b"s" * 16, b"i" * 16, 2)


def called(**changes: Any) -> Called:
    plain = Called(new_id(), 1_500_000_000, "one-0", "one", STEP, "", (), (), False, True)
    return plain._replace(**changes)


def journalled(*entries: Called | Moved) -> AppendJournalRequest:
    service = Answering(AppendJournal=lambda _request: AppendJournalResponse())
    journal = Journal(connection_over(service))
    asyncio.run(journal.append(OWNED, entries, first=3, request_id=new_id()))
    [request] = service.asked
    assert isinstance(request, AppendJournalRequest)
    return request


def test_a_call_says_its_step_and_where_its_arguments_come_from() -> None:
    task_run, flow_run = new_id(), new_id()
    edges = (
        Edge(EdgeKind.DATA, task_run_id=task_run, parameter="litres"),
        Edge(EdgeKind.SUBFLOW, flow_run_id=flow_run),
    )
    entry = called(upstream=edges, tags=("a",), has_rollback_hook=True)
    request = journalled(entry)
    assert request.run.flow_run_id == OWNED.flow_run_id
    assert (request.lease.lease_id, request.lease.fence) == OWNED.lease
    assert request.first_sequence == 3
    said = request.entries[0].called
    assert (said.task_run_id, said.name, said.task_name) == (entry.task_run_id, "one-0", "one")
    assert (said.step.task_key, said.step.occurrence) == (STEP.task_key, STEP.occurrence)
    assert request.entries[0].time.ToNanoseconds() == entry.time
    data, subflow = said.upstream
    assert (data.run.task_run_id, data.parameter) == (task_run, "litres")
    assert data.kind == UpstreamKind.UPSTREAM_KIND_DATA
    assert (subflow.run.flow_run_id, subflow.parameter) == (flow_run, "")
    assert subflow.kind == UpstreamKind.UPSTREAM_KIND_SUBFLOW


def test_what_ended_an_attempt_goes_with_the_state_before_the_next_one() -> None:
    entry = Moved(
        new_id(),
        1_000,
        StateType.SCHEDULED,
        "AwaitingRetry",
        "dry",
        failure=failure_of(ValueError("dry"), {"litres": 7}),
        scheduled=2_000,
    )
    said = journalled(entry).entries[0].moved
    assert said.state.state_type == WireStateType.STATE_TYPE_SCHEDULED
    assert said.state.scheduled_time.ToNanoseconds() == 2_000
    assert (said.failure.message, said.failure.inputs["litres"]) == ("dry", "7")


def test_a_name_that_is_too_long_for_a_state_is_cut() -> None:
    entry = Moved(new_id(), 1_000, StateType.COMPLETED, "x" * 500)
    assert len(journalled(entry).entries[0].moved.state.name) == 100
