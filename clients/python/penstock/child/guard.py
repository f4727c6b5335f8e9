"""No process of a run outlives its executor, whatever the run does.

The executor holds the other end of our pipe and never lets it go, so that its death is the
pipe's end. User code may hold the interpreter's lock for ever and may start processes of its
own, so the pipe is watched by a process, not by a thread.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from contextlib import suppress
from typing import NoReturn

PR_SET_PDEATHSIG = 1
IGNORED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
OPEN_FILES = "/dev/fd"


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start_guard(pipe: int) -> None:
    """Start the process that kills our group when the pipe ends; before any thread."""
    # The guard would die of a signal to the group that comes before it can ignore it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, IGNORED)
    middle = os.fork()
    if middle == 0:
        # Its parent is gone at once: user code that waits for any child must not find it.
        if os.fork() == 0:
            _guard(pipe)
        os._exit(0)
    os.waitpid(middle, 0)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _guard(pipe: int) -> NoReturn:
    try:
        for number in IGNORED:
            signal.signal(number, signal.SIG_IGN)
        for name in os.listdir(OPEN_FILES):  # noqa: PTH208 - names are all that is wanted
            if int(name) != pipe:
                with suppress(OSError):
                    os.close(int(name))
        ending = select.poll()
        # Nothing is asked for: only the end is told, and what is in the pipe stays there.
        ending.register(pipe, 0)
        ending.poll()
    finally:
        os.killpg(0, signal.SIGKILL)
        os._exit(1)
