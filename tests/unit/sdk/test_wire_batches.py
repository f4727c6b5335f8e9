"""Entries and lines become messages that say all that is known of them."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import grpc
from google.protobuf.message import Message

from penstock.api.state.v1.journal_service_pb2 import (
    AppendJournalRequest,
    AppendJournalResponse,
)
from penstock.api.state.v1.log_service_pb2 import AppendLogsRequest, AppendLogsResponse
from penstock.api.state.v1.state_pb2 import StateType as WireStateType
from penstock.api.state.v1.step_pb2 import UpstreamKind
from penstock.client.entries import END_OF_LOG, Called, Edge, EdgeKind, Line, Moved, Step
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.errors import SequenceGap
from penstock.failures.failure import failure_of
from penstock.ground.ids import new_id
from penstock.recording.wire_batches import Batches
from penstock.states import StateType

OWNED = Owned(namespace="default", flow_run_id=new_id(), lease=LeaseRef(new_id(), 7))
STEP = Step("one@flows.py:one", b"s" * 16, b"i" * 16, 2)


class Service:
    """Stands where the channel is, and keeps what it is asked; `answer` may raise."""

    def __init__(self, answer: Callable[[Any], Message]) -> None:
        self.asked: list[Any] = []
        self._answer = answer

    def unary_unary(self, *_args: Any, **_options: Any) -> Any:
        async def call(request: Any) -> Message:
            self.asked.append(request)
            return self._answer(request)

        return call

    def unary_stream(self, *_args: Any, **_options: Any) -> Any:
        return None


def batches_to(service: Service) -> Batches:
    return Batches(cast(grpc.aio.Channel, service), OWNED, new_id)


def called(**changes: Any) -> Called:
    plain = Called(new_id(), 1_500_000_000, "one-0", "one", STEP, "", (), (), False, True)
    return plain._replace(**changes)


def line(message: str) -> Line:
    return Line(1_000_000_000, 20, "penstock.flow_runs", message, "")


def journalled(*entries: Called | Moved) -> AppendJournalRequest:
    service = Service(lambda _request: AppendJournalResponse())
    asyncio.run(batches_to(service).append_journal(1, list(entries)))
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


def test_the_end_of_a_log_is_said_with_its_last_lines() -> None:
    service = Service(lambda _request: AppendLogsResponse())
    batches = batches_to(service)

    async def write() -> None:
        await batches.append_logs(1, [line("one"), line("two")])
        await batches.append_logs(3, [line("three"), END_OF_LOG])

    asyncio.run(write())
    first, second = service.asked
    assert ([it.offset for it in first.lines], first.last) == ([1, 2], False)
    assert ([it.offset for it in second.lines], second.last) == ([3], True)
    assert (second.source, second.run.flow_run_id) == ("run", OWNED.flow_run_id)


def test_a_log_that_had_its_last_line_already_ends_without_one() -> None:
    service = Service(lambda _request: AppendLogsResponse())
    asyncio.run(batches_to(service).append_logs(4, [END_OF_LOG]))
    assert service.asked[0].last
    assert not service.asked[0].lines


def test_a_log_of_which_lines_were_lost_goes_on_from_where_the_server_is() -> None:
    kept: list[str] = []

    def keep(request: AppendLogsRequest) -> Message:
        if request.lines[0].offset != len(kept) + 1:
            raise SequenceGap("lines are missing", expected=str(len(kept) + 1))
        kept.extend(it.message for it in request.lines)
        return AppendLogsResponse()

    batches = batches_to(Service(keep))

    async def write() -> None:
        await batches.append_logs(1, [line("one"), line("two")])
        del kept[:]
        await batches.append_logs(3, [line("three")])
        await batches.append_logs(4, [line("four")])
        del kept[1:]
        await batches.append_logs(5, [line("five")])

    asyncio.run(write())
    assert kept == ["three", "five"]
