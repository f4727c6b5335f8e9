"""One process around one coroutine: its event loop, its signals, its exit code."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from penstockd.chassis.config import ConfigError

NewLoop = Callable[[], asyncio.AbstractEventLoop]

try:
    import uvloop
except ImportError:
    new_event_loop: NewLoop = asyncio.new_event_loop
else:
    new_event_loop = uvloop.new_event_loop

EX_CONFIG = 78
INTERRUPTED = 130


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Run to the end and return the exit code; a wrong configuration is told in one line."""
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(main())
    except ConfigError as error:
        sys.stderr.write(f"penstockd: {error}\n")
        return EX_CONFIG
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


async def terminated() -> None:
    """Return when the process is asked to stop, by SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    try:
        await asked.wait()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
