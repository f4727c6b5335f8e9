"""The group of a process: everything that it started and that did not leave."""

import asyncio
import os
import signal
from contextlib import suppress

from penstockd.executor.rules.stopping import StopStage
from penstockd.executor.runtimes.process.marks import members

SIGNALS = {StopStage.TERMINATE: signal.SIGTERM, StopStage.KILL: signal.SIGKILL}
# Half a second together.
PAUSES = tuple(0.001 * 2**number for number in range(9))


def signal_group(group: int, number: int) -> None:
    """What runs as somebody else by now is out of reach, and must not keep the rest from it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


async def vanished(group: int) -> None:
    """SIGKILL is sent a moment before it has killed; what cannot die is not waited for."""
    for pause in PAUSES:
        if not _exists(group) or not any(members(group)):
            return
        await asyncio.sleep(pause)


def _exists(group: int) -> bool:
    """Tell whether anything has this group, be it dead; most groups are gone at once."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
