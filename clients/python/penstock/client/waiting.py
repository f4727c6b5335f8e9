"""Waits for the end of a flow run that goes on elsewhere, also over a restart of the server."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from penstock.client.flow_runs import FlowRuns, RunOutcome
from penstock.errors import CursorExpired, DeadlineExceeded, Unavailable
from penstock.ground.patience import FIRST_PAUSE, LONGEST_PAUSE, PATIENCE


async def wait_for_run(
    runs: FlowRuns, flow_run_id: str, timeout: float | None, *, cursor: str = ""
) -> RunOutcome:
    """Return the run when it has ended, or as it is after so many seconds.

    Args:
        cursor: from where to watch, if the run had not ended then.
    """
    try:
        async with asyncio.timeout(timeout):
            await ended(runs, flow_run_id, cursor)
    except TimeoutError:
        pass
    return await runs.outcome(flow_run_id)


async def ended(runs: FlowRuns, flow_run_id: str, cursor: str = "") -> None:
    """Return when the run has ended; without a cursor, it may have done so already.

    Raises:
        Unavailable: no server has answered for as long as a running flow is patient.
    """
    watch = _Watch(runs, flow_run_id, cursor)
    while not await watch.sees_the_end():
        pass


class _Watch:
    """Streams one after the other, each from where the one before stopped."""

    def __init__(self, runs: FlowRuns, flow_run_id: str, cursor: str) -> None:
        self._runs, self._id, self._cursor = runs, flow_run_id, cursor
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
        self._cursor, ended = await self._runs.glimpse(self._id)
        return ended

    async def _stream(self) -> bool:
        async with aclosing(self._runs.glimpses(self._id, self._cursor)) as glimpses:
            async for self._cursor, ended in glimpses:
                self._heard, self._pause = self._loop.time(), FIRST_PAUSE
                if ended:
                    return True
        return False
