"""No process of a run outlives its executor, whatever the run does.

The executor holds the other end of our pipe and never lets it go, so that its death is the
pipe's end. User code may hold the interpreter's lock for ever and may start processes of its
own, so the pipe is watched by a process, not by a thread. The same process ends the group of a
run that was lost, if the run does not end by itself: its executor may be frozen.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
# The kernel keeps no more, with a zero behind them.
LONGEST_NAME = 15
IGNORED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
OPEN_FILES = "/dev/fd"
PROCESSES = "/proc"
LOOKS = 10
# What the executor gives to each process under a run.
LEASE_VARIABLE = "PENSTOCK_CHILD_OF"
# From the word that the run is lost: until it is asked to end, and until it is made to.
ASKED_AFTER, ENDED_AFTER = 1.0, 1.5


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def call_process(name: str) -> None:
    """Give this process the name by which `top` and the kernel's log tell it; Linux only."""
    if sys.platform == "linux":
        kept = name.encode(errors="replace")[:LONGEST_NAME].decode(errors="ignore")
        ctypes.CDLL(None).prctl(PR_SET_NAME, kept.encode())


@dataclass(frozen=True, slots=True)
class Guard:
    """The process that ends our group."""

    word: int

    def end_soon(self) -> None:
        """Let it end the group, whatever becomes of this process."""
        # User code may have closed the pipe: then the executor's signals are all that is left.
        with suppress(OSError):
            os.write(self.word, b".")


def start_guard(pipe: int) -> Guard:
    """Start the process that kills our group when the pipe ends; before any thread."""
    hears, word = os.pipe()
    # The guard would die of a signal to the group that comes before it can ignore it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, IGNORED)
    middle = os.fork()
    if middle == 0:
        # Its parent is gone at once: user code that waits for any child must not find it.
        if os.fork() == 0:
            _guard(pipe, hears)
        os._exit(0)
    os.waitpid(middle, 0)
    os.close(hears)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return Guard(word)


def _guard(pipe: int, hears: int) -> NoReturn:
    try:
        for number in IGNORED:
            signal.signal(number, signal.SIG_IGN)
        for name in os.listdir(OPEN_FILES):  # noqa: PTH208 - names are all that is wanted
            if int(name) not in (pipe, hears):
                with suppress(OSError):
                    os.close(int(name))
        if _is_lost(pipe, hears):
            time.sleep(ASKED_AFTER)
            os.killpg(0, signal.SIGTERM)
            time.sleep(ENDED_AFTER - ASKED_AFTER)
    finally:
        _kill_strays()
        os.killpg(0, signal.SIGKILL)
        os._exit(1)


def _kill_strays() -> None:
    """Kill what left the group but not its environment, as the executor does at a run's end."""
    lease = os.environ.get(LEASE_VARIABLE)
    if not lease or sys.platform != "linux":
        return
    entry = f"{LEASE_VARIABLE}={lease}".encode()
    # Who is found may be starting another one.
    for _ in range(LOOKS):
        if not sum(_killed(name, entry) for name in os.listdir(PROCESSES)):  # noqa: PTH208
            return


def _killed(process: str, entry: bytes) -> bool:
    """Kill the process if it has the entry and is another one; tell whether it was there."""
    # Most processes are of others, and their environment is not for us.
    with suppress(OSError, ValueError):
        found = os.pidfd_open(int(process))
        try:
            # Of this very process, or of a later one of its id: then the signal finds nobody.
            if int(process) != os.getpid() and entry in _environment_of(process):
                signal.pidfd_send_signal(found, signal.SIGKILL)
                return True
        finally:
            os.close(found)
    return False


def _environment_of(process: str) -> list[bytes]:
    with open(f"{PROCESSES}/{process}/environ", "rb") as file:  # noqa: PTH123 - pathlib loads slowly
        return file.read().split(b"\0")


def _is_lost(pipe: int, hears: int) -> bool:
    """Wait for the pipe's end, or for the word that the run is lost; tell which it was."""
    ending = select.poll()
    # Nothing is asked of the pipe: only its end is told, and what is in it stays there.
    ending.register(pipe, 0)
    ending.register(hears, select.POLLIN)
    while True:
        for file, event in ending.poll():
            if file == pipe:
                return False
            if event & select.POLLIN:
                return True
            # The process is gone without a word, and perhaps not all of its group.
            ending.unregister(hears)
