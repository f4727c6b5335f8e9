"""LogService."""

from collections.abc import AsyncIterator

import grpc

from penstock.api.state.v1 import log_pb2
from penstock.api.state.v1 import log_service_pb2 as pb
from penstock.api.state.v1.log_service_pb2_grpc import (
    LogServiceServicer,
    add_LogServiceServicer_to_server,
)
from penstock.errors import CursorInvalid
from penstockd.chassis.wire.fields import invalid, optional_uuid, text_of
from penstockd.chassis.wire.keys import NUMBER
from penstockd.chassis.wire.messages import parts
from penstockd.chassis.wire.pages import page_of
from penstockd.chassis.wire.times import put_time, time_from_proto
from penstockd.state.rules.log import LogLine
from penstockd.state.servicers.run_refs import flow_run_of, run_ref_of
from penstockd.state.servicers.values import lease_ref_of
from penstockd.state.store.ports.log import Placed
from penstockd.state.usecases.log import AppendLines, LogPage, Logs

USUAL_SIZE = 200


class LogServicer(LogServiceServicer):
    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def add_to(self, server: grpc.aio.Server) -> None:
        add_LogServiceServicer_to_server(self, server)

    async def AppendLogs(
        self, request: pb.AppendLogsRequest, context: object
    ) -> pb.AppendLogsResponse:
        if not request.lines and not request.last:
            raise invalid("lines", "must have a line, unless they are the last ones")
        append = AppendLines(
            namespace=request.namespace,
            flow_run_id=flow_run_of(request.run, "run"),
            lease=lease_ref_of(request.lease, "lease"),
            source=request.source,
            lines=[_line(it) for it in request.lines],
            last=request.last,
        )
        return pb.AppendLogsResponse(acknowledged_offset=await self._logs.append(append))

    async def ListLogs(
        self, request: pb.ListLogsRequest, context: object
    ) -> pb.ListLogsResponse:
        page = page_of(request, NUMBER, usual_size=USUAL_SIZE)
        found = await self._logs.page(
            request.namespace,
            run_ref_of(request.run, "run"),
            after=page.after or 0,
            min_level=request.min_level,
            limit=page.limit,
        )
        shown, token = page.cut(found.lines, _to_proto, key=lambda it: it.position)
        end = found.lines[len(shown) - 1].position if token else found.end
        return pb.ListLogsResponse(
            lines=shown,
            next_page_token=token,
            watch_cursor=_cursor(end),
            complete=found.complete and not token,
        )

    async def WatchLogs(
        self, request: pb.WatchLogsRequest, context: object
    ) -> AsyncIterator[pb.WatchLogsResponse]:
        pages = self._logs.watch(
            request.namespace,
            run_ref_of(request.run, "run"),
            after=_position(request.cursor) if request.cursor else 0,
            min_level=request.min_level,
        )
        async for page in pages:
            for message in _batches(page):
                yield message


def _batches(page: LogPage) -> list[pb.WatchLogsResponse]:
    """Cut a page into messages, each with the cursor after its own lines."""
    told = 0
    messages = []
    for is_last, lines in parts([_to_proto(it) for it in page.lines]):
        told += len(lines)
        end = page.end if is_last else page.lines[told - 1].position
        complete = page.complete and is_last
        messages.append(
            pb.WatchLogsResponse(cursor=_cursor(end), lines=lines, complete=complete)
        )
    return messages


def _cursor(position: int) -> str:
    return NUMBER.write(position)


def _position(cursor: str) -> int:
    """Raises CursorInvalid."""
    try:
        return NUMBER.exactly(cursor)
    except ValueError:
        raise CursorInvalid(f"{cursor!r} is not a valid cursor of a log") from None


def _line(message: log_pb2.LogLine) -> LogLine:
    return LogLine(
        offset=message.offset,
        time=time_from_proto(message.time, "lines.time"),
        level=message.level,
        logger=message.logger,
        message=message.message,
        task_run_id=optional_uuid(message.task_run_id, "lines.task_run_id"),
    )


def _to_proto(placed: Placed) -> log_pb2.LogLine:
    line = placed.line
    message = log_pb2.LogLine(
        offset=line.offset,
        level=line.level,
        logger=line.logger,
        message=line.message,
        task_run_id=text_of(line.task_run_id),
        attempt=line.attempt,
    )
    put_time(message.time, line.time)
    return message
