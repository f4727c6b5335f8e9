"""A batch that is sent again is the same one, and a log goes on after what was lost."""

import asyncio
from typing import Any

from google.protobuf.message import Message

from penstock.api.state.v1.journal_service_pb2 import AppendJournalResponse
from penstock.api.state.v1.log_service_pb2 import AppendLogsRequest, AppendLogsResponse
from penstock.client.entries import END_OF_LOG, Entry, Line, Moved
from penstock.client.journal import Journal
from penstock.client.logs import Logs
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.errors import SequenceGap
from penstock.ground.ids import new_id
from penstock.recording.batches import Batches
from penstock.states import StateType
from unit.client.channels import Answer, Answering, connection_over

OWNED = Owned(namespace="default", flow_run_id=new_id(), lease=LeaseRef(new_id(), 7))


def service(keep: Answer = lambda _request: AppendLogsResponse()) -> Answering:
    return Answering(AppendJournal=lambda _request: AppendJournalResponse(), AppendLogs=keep)


def batches_to(channel: Answering) -> Batches:
    connection = connection_over(channel)
    return Batches(connection.part(Journal), connection.part(Logs), OWNED, new_id)


def moved() -> Entry:
    return Moved(new_id(), 1_000, StateType.RUNNING)


def line(message: str) -> Line:
    return Line(1_000_000_000, 20, "penstock.flow_runs", message, "")


def test_a_batch_that_is_sent_again_is_the_same_request() -> None:
    channel = service()
    batches = batches_to(channel)

    async def write() -> None:
        first = [moved(), moved()]
        await batches.append_journal(1, first)
        await batches.append_journal(1, first)
        await batches.append_journal(3, [moved()])

    asyncio.run(write())
    first, again, next_one = channel.asked
    assert again == first
    assert next_one.request_id != first.request_id
    assert (first.first_sequence, next_one.first_sequence) == (1, 3)


def test_the_end_of_a_log_is_said_with_its_last_lines() -> None:
    channel = service()
    batches = batches_to(channel)

    async def write() -> None:
        await batches.append_logs(1, [line("one"), line("two")])
        await batches.append_logs(3, [line("three"), END_OF_LOG])

    asyncio.run(write())
    first, second = channel.asked
    assert ([it.offset for it in first.lines], first.last) == ([1, 2], False)
    assert ([it.offset for it in second.lines], second.last) == ([3], True)


def test_a_log_that_had_its_last_line_already_ends_without_one() -> None:
    channel = service()
    asyncio.run(batches_to(channel).append_logs(4, [END_OF_LOG]))
    assert channel.asked[0].last
    assert not channel.asked[0].lines


def test_a_log_of_which_lines_were_lost_goes_on_from_where_the_server_is() -> None:
    kept: list[Any] = []

    def keep(request: AppendLogsRequest) -> Message:
        if request.lines[0].offset != len(kept) + 1:
            raise SequenceGap("lines are missing", expected=str(len(kept) + 1))
        kept.extend(it.message for it in request.lines)
        return AppendLogsResponse()

    batches = batches_to(service(keep))

    async def write() -> None:
        await batches.append_logs(1, [line("one"), line("two")])
        del kept[:]
        await batches.append_logs(3, [line("three")])
        await batches.append_logs(4, [line("four")])
        del kept[1:]
        await batches.append_logs(5, [line("five")])

    asyncio.run(write())
    assert kept == ["three", "five"]
