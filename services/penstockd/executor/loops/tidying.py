"""Ends what a crashed executor left behind, and forgets what ended long ago."""

from datetime import datetime, timedelta

from penstockd.executor.usecases.crash_recovery import CrashRecovery
from penstockd.executor.usecases.recording import ExecutionRecorder

INTERVAL = timedelta(minutes=10)
BUSY_INTERVAL = timedelta(seconds=1)


class Tidying:
    def __init__(self, crash_recovery: CrashRecovery, recorder: ExecutionRecorder) -> None:
        self._crash_recovery = crash_recovery
        self._recorder = recorder

    async def tick(self, now: datetime) -> timedelta:
        await self._crash_recovery.end_all(now)
        return BUSY_INTERVAL if await self._recorder.forget_old() else INTERVAL
