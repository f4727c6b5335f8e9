"""The logs of flow runs: lines are appended, listed and watched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import NamedTuple

from penstock.api.state.v1.log_pb2 import LogLine
from penstock.api.state.v1.log_service_pb2 import (
    AppendLogsRequest,
    ListLogsRequest,
    WatchLogsRequest,
    WatchLogsResponse,
)
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.client.asking import ask
from penstock.client.connection import Connection
from penstock.client.entries import Line
from penstock.client.log_order import TimeOrder, with_pauses
from penstock.client.pages import pages
from penstock.client.rows import Row, row_of
from penstock.client.wire.owned import Owned
from penstock.client.wire.times import timestamp
from penstock.ground.texts import CUT, carried, cut
from penstock.wire_errors import named_errors

LARGEST_PAGE = 1000
LONGEST_LINE = 65_536
# Who counts the lines: the process under the run, not its worker.
SOURCE = "run"
# An executor hands on what it reads of a process a moment after the process sent its own lines.
# Who looks back can wait for more than that, who looks on does not want to.
WINDOW = 5.0
LIVE_WINDOW = 0.3


class LogBatch(NamedTuple):
    """Lines that came at once, the cursor to go on after them, and whether more may come."""

    cursor: str
    lines: list[Row]
    complete: bool


class Logs:
    """Asks the state service about the logs of flow runs."""

    def __init__(self, connection: Connection) -> None:
        self._stub = LogServiceStub(connection.state)
        self._namespace = connection.namespace

    async def append(
        self, owned: Owned, lines: Sequence[Line], *, first: int, last: bool
    ) -> None:
        """Append lines of an owned run.

        Args:
            owned: the run that wrote them.
            lines: what it wrote; none if there is only the end to be told.
            first: the offset of the first line, from 1.
            last: whether no line follows.
        """
        request = AppendLogsRequest(
            namespace=owned.namespace,
            run=owned.run(),
            lease=owned.lease.message(),
            source=SOURCE,
            lines=[_line(place, line) for place, line in enumerate(lines, first)],
            last=last,
        )
        await ask(self._stub.AppendLogs, request)

    async def written(self, flow_run_id: str, *, min_level: int) -> AsyncIterator[list[Row]]:
        """Yield the lines that are there in the order of their times, some at a time."""
        request = ListLogsRequest(
            namespace=self._namespace,
            run=RunRef(flow_run_id=flow_run_id),
            min_level=min_level,
            page_size=LARGEST_PAGE,
        )
        order = TimeOrder(WINDOW)
        try:
            async for page in pages(self._stub.ListLogs, request):
                yield _rows(order.add(page.lines))
        except Exception:
            # What has been read is shown, and then why there is no more.
            yield _rows(order.rest())
            raise
        yield _rows(order.rest())

    async def watch(
        self, flow_run_id: str, cursor: str, *, min_level: int
    ) -> AsyncIterator[LogBatch]:
        """Yield the lines after the cursor as they arrive, until the server ends it.

        Those that arrive close to each other are in the order of their times.
        """
        request = WatchLogsRequest(
            namespace=self._namespace,
            run=RunRef(flow_run_id=flow_run_id),
            cursor=cursor,
            min_level=min_level,
        )
        with named_errors(self._stub.WatchLogs):
            arriving = aiter(self._stub.WatchLogs(request))
            async for batch in _in_order(with_pauses(arriving, LIVE_WINDOW), cursor):
                yield batch


async def _in_order(
    arriving: AsyncIterator[WatchLogsResponse | None], cursor: str
) -> AsyncIterator[LogBatch]:
    order = TimeOrder(LIVE_WINDOW)
    try:
        async for batch in arriving:
            if batch is not None:
                cursor, lines = batch.cursor, order.add(batch.lines)
                if batch.complete:
                    lines += order.rest()
                yield LogBatch(cursor, _rows(lines), batch.complete)
            elif held := order.rest():
                yield LogBatch(cursor, _rows(held), complete=False)
    except Exception:
        # Whoever watches again does so after all that has arrived.
        if held := order.rest():
            yield LogBatch(cursor, _rows(held), complete=False)
        raise
    if held := order.rest():
        yield LogBatch(cursor, _rows(held), complete=False)


def _rows(lines: Iterable[LogLine]) -> list[Row]:
    return [row_of(each) for each in lines]


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
