"""LogService."""

import grpc

from penstock.api.state.v1 import log_pb2
from penstock.api.state.v1 import log_service_pb2 as pb
from penstock.api.state.v1.log_service_pb2_grpc import (
    LogServiceServicer,
    add_LogServiceServicer_to_server,
)
from penstockd.chassis.wire.fields import optional_uuid, text_of, uuid_of
from penstockd.chassis.wire.pages import NUMBER, page_of
from penstockd.chassis.wire.times import put_time, time_from_proto
from penstockd.state.rules.log import LogLine
from penstockd.state.servicers.values import clean, lease_ref_of
from penstockd.state.usecases.log import Logs

USUAL_SIZE = 200


class LogServicer(LogServiceServicer):
    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def add_to(self, server: grpc.aio.Server) -> None:
        add_LogServiceServicer_to_server(self, server)

    async def AppendLogs(
        self, request: pb.AppendLogsRequest, context: object
    ) -> pb.AppendLogsResponse:
        offset = await self._logs.append(
            request.namespace,
            uuid_of(request.flow_run_id, "flow_run_id"),
            lease_ref_of(request.lease, "lease"),
            source=request.source,
            lines=[_line(it) for it in request.lines],
        )
        return pb.AppendLogsResponse(acknowledged_offset=offset)

    async def ListLogs(
        self, request: pb.ListLogsRequest, context: object
    ) -> pb.ListLogsResponse:
        page = page_of(request, NUMBER, usual_size=USUAL_SIZE)
        after = page.after or 0
        found = await self._logs.page(
            request.namespace,
            uuid_of(request.flow_run_id, "flow_run_id"),
            after=after,
            min_level=request.min_level,
            limit=page.limit,
        )
        shown, more = page.cut(found, lambda it: _to_proto(it[1]), key=lambda it: it[0])
        last = found[len(shown) - 1][0] if shown else after
        return pb.ListLogsResponse(
            lines=shown, next_page_token=page.token(last), more=bool(more)
        )


def _line(message: log_pb2.LogLine) -> LogLine:
    return LogLine(
        offset=message.offset,
        time=time_from_proto(message.time, "lines.time"),
        level=message.level,
        logger=clean(message.logger),
        message=clean(message.message),
        task_run_id=optional_uuid(message.task_run_id, "lines.task_run_id"),
    )


def _to_proto(line: LogLine) -> log_pb2.LogLine:
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
