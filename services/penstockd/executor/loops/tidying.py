"""Ends what a crashed executor left behind, and forgets what ended long ago."""

import logging
from datetime import datetime, timedelta

from penstockd.executor.usecases.recording import Recorder

logger = logging.getLogger(__name__)

INTERVAL = timedelta(minutes=10)


class Tidying:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def tick(self, _now: datetime) -> timedelta:
        for execution in await self._recorder.end_left_behind():
            logger.warning("execution.left_behind", extra={"execution": str(execution.id)})
        await self._recorder.forget_old()
        return INTERVAL
