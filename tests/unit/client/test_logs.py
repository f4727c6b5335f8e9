"""Lines of a log travel numbered and cut, and come back a page or a batch at a time."""

import asyncio

from penstock.api.state.v1.log_pb2 import LogLine
from penstock.api.state.v1.log_service_pb2 import (
    AppendLogsResponse,
    ListLogsRequest,
    ListLogsResponse,
    WatchLogsResponse,
)
from penstock.client.entries import Line
from penstock.client.logs import LONGEST_LINE, LogBatch, Logs
from penstock.client.rows import Row
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.ground.ids import new_id
from unit.client.channels import Answering, connection_over

OWNED = Owned(namespace="default", flow_run_id=new_id(), lease=LeaseRef(new_id(), 7))


def line(message: str, level: int = 20) -> Line:
    return Line(1_000_000_000, level, "penstock.flow_runs", message, "")


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
    assert [[it["message"] for it in page] for page in pages] == [["one"], ["two"]]
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
    assert (first.cursor, first.lines[0]["message"], first.complete) == ("1.1", "one", False)
    assert second == LogBatch("1.2", [], True)
    assert service.asked[0].cursor == "1.0"
