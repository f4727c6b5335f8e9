"""A flow run seen as it changes, until it has ended, also over a restart of the server."""

from __future__ import annotations

import asyncio

from penstock.api.state.v1.flow_run_filter_pb2 import FlowRunFilter
from penstock.api.state.v1.flow_run_service_pb2 import WatchFlowRunsRequest
from penstock.client.flow_runs import Services
from penstock.client.wire.states import state_of
from penstock.errors import CursorExpired, DeadlineExceeded, Unavailable
from penstock.ground.patience import FIRST_PAUSE, LONGEST_PAUSE, PATIENCE, patiently
from penstock.wire_errors import named_errors


async def ended(services: Services, flow_run_id: str, cursor: str = "") -> None:
    """Return when the run has ended; without a cursor, it may have done so already.

    Raises:
        Unavailable: no server has answered for as long as a running flow is patient.
    """
    watch = _Watch(services, flow_run_id, cursor)
    while not await watch.sees_the_end():
        pass


class _Watch:
    """Streams one after the other, each from where the one before stopped."""

    def __init__(self, services: Services, flow_run_id: str, cursor: str) -> None:
        self._services, self._id, self._cursor = services, flow_run_id, cursor
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()
        self._pause = FIRST_PAUSE

    async def sees_the_end(self) -> bool:
        """Look until the run has ended, or the stream has."""
        if not self._cursor and await self._look():
            return True
        try:
            return await self._stream()
        except CursorExpired:
            self._cursor = ""
        except (Unavailable, DeadlineExceeded):
            # Every stream ends some day; only silence means that nobody is there.
            if self._loop.time() - self._heard > PATIENCE:
                raise
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return False

    async def _look(self) -> bool:
        reply = await patiently(lambda: self._services.flow_run_and_cursor(self._id))
        self._cursor = reply.watch_cursor
        return state_of(reply.flow_run.state).is_final()

    async def _stream(self) -> bool:
        request = WatchFlowRunsRequest(
            namespace=self._services.connection.namespace,
            cursor=self._cursor,
            filter=FlowRunFilter(flow_run_ids=[self._id]),
        )
        with named_errors():
            async for reply in self._services.runs.WatchFlowRuns(request):
                self._cursor = reply.cursor
                self._heard, self._pause = self._loop.time(), FIRST_PAUSE
                if any(state_of(run.state).is_final() for run in reply.changes):
                    return True
        return False
