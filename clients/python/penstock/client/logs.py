"""What flow runs write, as the state service keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

import grpc

from penstock.api.state.v1 import log_service_pb2 as pb
from penstock.api.state.v1.log_service_pb2_grpc import LogServiceStub
from penstock.api.type.v1.run_ref_pb2 import RunRef
from penstock.cli.services import here
from penstock.client.pages import pages
from penstock.client.rows import Plain, plain
from penstock.wire_errors import named_errors

LARGEST_PAGE = 1000


def logs() -> Logs:
    opened = here()
    return Logs(opened.state, opened.namespace)


class LogBatch(NamedTuple):
    """Lines that came at once, the cursor to go on after them, and whether more may come."""

    cursor: str
    lines: list[Plain]
    complete: bool


class Logs:
    """What people ask about the logs of flow runs."""

    def __init__(self, channel: grpc.aio.Channel, namespace: str) -> None:
        self._logs = LogServiceStub(channel)
        self._namespace = namespace

    async def written(self, flow_run_id: str, *, min_level: int) -> AsyncIterator[list[Plain]]:
        """Yield the lines that are there, a page at a time."""
        request = pb.ListLogsRequest(
            namespace=self._namespace,
            run=RunRef(flow_run_id=flow_run_id),
            min_level=min_level,
            page_size=LARGEST_PAGE,
        )
        async for page in pages(self._logs.ListLogs, request):
            yield [plain(each) for each in page.lines]

    async def watch(
        self, flow_run_id: str, cursor: str, *, min_level: int
    ) -> AsyncIterator[LogBatch]:
        """Yield the lines after the cursor as they arrive, until the server ends it."""
        request = pb.WatchLogsRequest(
            namespace=self._namespace,
            run=RunRef(flow_run_id=flow_run_id),
            cursor=cursor,
            min_level=min_level,
        )
        with named_errors():
            async for batch in self._logs.WatchLogs(request):
                lines = [plain(each) for each in batch.lines]
                yield LogBatch(batch.cursor, lines, batch.complete)
