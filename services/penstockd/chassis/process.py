"""One process around one coroutine: its event loop, its signals, its exit code."""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
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
MOST_FILES = 65_536
INTERRUPTED = 130
# As a shell counts a program that SIGTERM ended.
STOPPED = 143


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> int:
    """Run to the end and return the exit code; a wrong configuration is told in one line."""
    allow_many_files()
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_cancelled_by_sigterm(main))
    except ConfigError as error:
        sys.stderr.write(f"penstockd: {error}\n")
        return EX_CONFIG
    except KeyboardInterrupt:
        return INTERRUPTED
    except asyncio.CancelledError:
        return STOPPED
    return 0


def allow_many_files() -> None:
    """Let the process have as many connections as it may, and not the few that shells allow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _cancelled_by_sigterm(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Have who is stopped while it starts tidy up too; a server that serves drains instead."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in one
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await main()


@contextmanager
def asked_to_stop() -> Iterator[asyncio.Event]:
    """Give what SIGTERM or SIGINT sets; neither ends the process before the block does."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    try:
        yield asked
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
