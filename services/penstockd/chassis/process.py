"""One process around one coroutine: its event loop, its signals, its exit code."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from penstock.redaction import redacted
from penstockd.chassis.config import ConfigError

logger = logging.getLogger(__name__)

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


def run(main: Callable[[], Coroutine[Any, Any, None]], *, leash: int | None = None) -> int:
    """Run to the end and return the exit code; a wrong configuration is told in one line.

    `leash` is a pipe of the process that this one is a part of: with its end, that of the
    other process, this one is asked to stop.
    """
    allow_many_files()
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_told_to_stop(main, leash))
    except ConfigError as error:
        sys.stderr.write(f"penstockd: {redacted(str(error))}\n")
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


async def _told_to_stop(
    main: Callable[[], Coroutine[Any, Any, None]], leash: int | None
) -> None:
    """Have who is stopped while it starts tidy up too; a server that serves drains instead."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in one
    loop = asyncio.get_running_loop()
    for number in _heard(signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    if leash is not None:
        loop.add_reader(leash, _pulled, loop, leash)
    await main()


def _pulled(loop: asyncio.AbstractEventLoop, leash: int) -> None:
    if not os.read(leash, 1):
        loop.remove_reader(leash)
        logger.warning("process.orphaned")
        os.kill(os.getpid(), signal.SIGTERM)


def _heard(*numbers: signal.Signals) -> list[signal.Signals]:
    """Leave out SIGHUP under nohup, which is there so that the program goes on."""
    return [
        number
        for number in numbers
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN
    ]


@contextmanager
def asked_to_stop() -> Iterator[asyncio.Event]:
    """Give what SIGTERM, SIGINT or SIGHUP sets; none ends the process before the block does."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    heard = _heard(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    interrupted = signal.getsignal(signal.SIGINT)
    for number in heard:
        loop.add_signal_handler(number, asked.set)
    try:
        yield asked
    finally:
        for number in heard:
            loop.remove_signal_handler(number)
        # The runner's cancels the task. Python's own would raise KeyboardInterrupt wherever the
        # process is just then, such as in a callback of gRPC, which swallows it and is stuck.
        signal.signal(signal.SIGINT, interrupted)
