"""What is left of a process whose executor crashed."""

import asyncio
from collections.abc import Sequence

from penstockd.executor.rules.stopping import StopStage
from penstockd.executor.runtimes import ByteStream, Cancel, Exit
from penstockd.executor.runtimes.process.groups import SIGNALS, signal_group
from penstockd.executor.runtimes.process.marks import ProcessMark, is_left

LOOK_AGAIN = 0.01
LONGEST_PAUSE = 1.0


class OrphanedProcess:
    """Its pipe ended with its executor, its output and its exit code are lost."""

    def __init__(self, mark: ProcessMark) -> None:
        self.output: Sequence[tuple[str, ByteStream]] = ()
        self._mark = mark

    async def deliver(self, order: Cancel) -> None:
        """Nobody holds the other end of its pipe."""

    async def stop(self, stage: StopStage) -> None:
        # Looked at each time: in between the id may have become that of somebody else's group.
        if is_left(self._mark):
            signal_group(self._mark.pid, SIGNALS[stage])

    async def wait(self) -> Exit:
        """Look for it again and again: it is no child of ours that could be waited for."""
        pause = LOOK_AGAIN
        while is_left(self._mark):
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return Exit(message="gone")

    async def close(self) -> None:
        """It has no streams here."""
