"""Kills the orphans of crashed executors: none of them is adopted."""

import asyncio
import logging
from datetime import datetime, timedelta
from uuid import UUID

from penstockd.chassis.one_by_one import OneByOne
from penstockd.executor.rules.execution import Execution
from penstockd.executor.rules.stopping import StopStage
from penstockd.executor.runtimes import Handle
from penstockd.executor.usecases.recording import ExecutionRecorder
from penstockd.executor.usecases.runtimes import Runtimes

logger = logging.getLogger(__name__)

CRASHED = "its executor crashed"
# What cannot be killed is not waited for longer than this.
END_LIMIT = timedelta(seconds=2)


class CrashRecovery:
    def __init__(self, recorder: ExecutionRecorder, runtimes: Runtimes) -> None:
        self._recorder = recorder
        self._runtimes = runtimes
        self._one_by_one = OneByOne[UUID]("executor.tidy")

    async def end_all(self, now: datetime) -> None:
        orphans = {it.id: it for it in await self._recorder.orphaned()}
        await self._one_by_one.each(orphans, lambda it: self._bury(orphans[it]), now)

    async def _bury(self, execution: Execution) -> None:
        gone = await self._end(execution)
        logger.warning(
            "execution.left_behind", extra={"execution": str(execution.id), "gone": gone}
        )
        await self._recorder.ended(
            execution.id,
            message=CRASHED,
            exit_code=None,
            captured_size=execution.captured_size,
        )

    async def _end(self, execution: Execution) -> bool:
        """Kill what its runtime still finds; tell whether all of it is known to be gone."""
        if not execution.handle:
            # Nothing of the user's runs before a handle was kept.
            return True
        runtime = self._runtimes.find(execution.runtime)
        if runtime is None:
            return False
        child = await runtime.find(Handle(execution.handle))
        if child is None:
            return True
        await child.stop(StopStage.KILL)
        try:
            async with asyncio.timeout(END_LIMIT.total_seconds()):
                await child.wait()
        except TimeoutError:
            return False
        finally:
            await child.close()
        return True
