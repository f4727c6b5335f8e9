"""Lines of a log travel numbered and cut, and come back a page or a batch at a time."""

import asyncio
from collections.abc import Iterator

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from penstock.api.state.v1.log_pb2 import LogLine
from penstock.api.state.v1.log_service_pb2 import (
    AppendLogsResponse,
    ListLogsRequest,
    ListLogsResponse,
    WatchLogsRequest,
    WatchLogsResponse,
)
from penstock.client.entries import Line
from penstock.client.logs import LONGEST_LINE, LogBatch, Logs
from penstock.client.rows import Row
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.errors import Unavailable
from penstock.ground.ids import new_id
from unit.client.channels import Answering, connection_over, in_one

OWNED = Owned(namespace="default", flow_run_id=new_id(), lease=LeaseRef(new_id(), 7))


def line(message: str, level: int = 20) -> Line:
    return Line(1_000_000_000, level, "penstock.flow_runs", message, "")


def written(message: str, milliseconds: int) -> LogLine:
    return LogLine(message=message, time=Timestamp(nanos=milliseconds * 1_000_000))


def test_lines_are_numbered_from_where_they_begin() -> None:
    service = Answering(AppendLogs=lambda _request: AppendLogsResponse())
    logs = Logs(connection_over(service))
    asyncio.run(logs.append(OWNED, [line("one"), line("two")], first=5, last=True))
    [request] = service.asked
    assert [(it.offset, it.message) for it in request.lines] == [(5, "one"), (6, "two")]
    assert request.last
    assert (request.source, request.run.flow_run_id) == ("run", OWNED.flow_run_id)
    assert (request.lease.lease_id, request.lease.fence) == OWNED.lease


def test_what_no_line_may_hold_is_cut_or_bounded() -> None:
    service = Answering(AppendLogs=lambda _request: AppendLogsResponse())
    logs = Logs(connection_over(service))
    lines = [line("é" * LONGEST_LINE, level=-5), line("\0\ud800", level=500)]
    asyncio.run(logs.append(OWNED, lines, first=1, last=False))
    long, odd = service.asked[0].lines
    assert len(long.message.encode()) <= LONGEST_LINE
    assert long.message.startswith("ééé")
    assert (long.level, odd.level) == (0, 100)
    assert odd.message == "\ufffd?"


def test_a_log_is_read_page_after_page() -> None:
    def page(request: ListLogsRequest) -> ListLogsResponse:
        if not request.page_token:
            return ListLogsResponse(lines=[LogLine(message="one")], next_page_token="more")
        return ListLogsResponse(lines=[LogLine(message="two")])

    service = Answering(ListLogs=page)
    logs = Logs(connection_over(service))

    async def read() -> list[list[Row]]:
        return [page async for page in logs.written(OWNED.flow_run_id, min_level=30)]

    pages = asyncio.run(read())
    assert [it["message"] for page in pages for it in page] == ["one", "two"]
    assert [(it.page_token, it.min_level) for it in service.asked] == [("", 30), ("more", 30)]


def test_a_watch_says_where_to_go_on_and_when_it_is_over() -> None:
    batches = [
        WatchLogsResponse(cursor="1.1", lines=[LogLine(message="one")]),
        WatchLogsResponse(cursor="1.2", complete=True),
    ]
    service = Answering(WatchLogs=lambda _request: batches)
    logs = Logs(connection_over(service))

    async def watch() -> list[LogBatch]:
        return [it async for it in logs.watch(OWNED.flow_run_id, "1.0", min_level=0)]

    first, second = asyncio.run(watch())
    assert first == LogBatch("1.1", [], False)
    assert (second.cursor, second.lines[0]["message"], second.complete) == ("1.2", "one", True)
    assert service.asked[0].cursor == "1.0"


def test_what_another_writer_handed_on_later_is_read_where_it_was_written() -> None:
    arrived = [written("one", 1), written("three", 3), written("two", 2), written("four", 4)]
    service = Answering(
        ListLogs=lambda _request: ListLogsResponse(lines=arrived),
        WatchLogs=lambda _request: [
            WatchLogsResponse(cursor="1.2", lines=arrived[:2]),
            WatchLogsResponse(cursor="1.4", lines=arrived[2:], complete=True),
        ],
    )
    logs = Logs(connection_over(service))

    async def watch() -> list[str]:
        batches = logs.watch(OWNED.flow_run_id, "", min_level=0)
        return [it["message"] async for batch in batches for it in batch.lines]

    page = in_one(logs.written(OWNED.flow_run_id, min_level=0))
    assert [it["message"] for it in page] == ["one", "two", "three", "four"]
    assert asyncio.run(watch()) == ["one", "two", "three", "four"]


def test_a_watch_that_breaks_has_told_all_lines_before_its_cursor() -> None:
    def breaking(_request: WatchLogsRequest) -> Iterator[WatchLogsResponse]:
        yield WatchLogsResponse(cursor="1.1", lines=[written("one", 1)])
        raise Unavailable("gone")

    logs = Logs(connection_over(Answering(WatchLogs=breaking)))
    told: list[tuple[str, str]] = []

    async def watch() -> None:
        async for batch in logs.watch(OWNED.flow_run_id, "", min_level=0):
            told.extend((batch.cursor, it["message"]) for it in batch.lines)

    with pytest.raises(Unavailable):
        asyncio.run(watch())
    assert told == [("1.1", "one")]
