"""Flows that tests deploy; they tell what they do by files in a folder that they are given."""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from penstock import flow, get_run_logger, task

FOR_EVER = 600.0
SLEEP = f"import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep({FOR_EVER})"


@task
def one_step(number: int) -> int:
    return number + 1


@task
def sleep_long(folder: str) -> None:
    _tell(folder, "child", os.getpid())
    time.sleep(FOR_EVER)


@flow
def dozing(folder: str) -> None:
    """Sleeps in a task."""
    sleep_long(folder)


@flow
def telling_its_environment() -> None:
    for name in sorted(os.environ):
        print("got", name)


@flow
def sleeper(folder: str) -> None:
    """Sleeps, with a process of its own beside it, until somebody ends it."""
    started = subprocess.Popen([sys.executable, "-c", SLEEP])
    _tell(folder, "grandchild", started.pid)
    _tell(folder, "child", os.getpid())
    time.sleep(FOR_EVER)


@flow
def nesting(folder: str) -> None:
    """Sleeps in a task of a flow of a flow."""
    dozing(folder)


@flow
def stubborn(folder: str) -> None:
    """Sleeps, and does as if nobody had asked it to end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    started = subprocess.Popen([sys.executable, "-c", SLEEP])
    _tell(folder, "grandchild", started.pid)
    _tell(folder, "child", os.getpid())
    while True:
        try:
            time.sleep(FOR_EVER)
        except BaseException:  # noqa: BLE001 - that is its nature
            continue


@flow
def paced(folder: str, steps: int) -> int:
    """Runs task after task, and goes on only when it is told to."""
    done = 0
    for number in range(steps):
        done = one_step(number)
        _tell(folder, f"step-{number}", os.getpid())
        _wait_for(Path(folder, f"go-{number}"))
    return done


@flow
def pacing(folder: str) -> None:
    """Runs task after task in a flow of a flow."""
    paced(folder, 1000)


@flow
def holding(folder: str, seconds: int) -> str:
    """Holds the interpreter's lock, as code in C may, so that no other thread can run."""
    _wait_for(Path(folder, "go"))
    ctypes.PyDLL(None).sleep(seconds)
    _tell(folder, "held", os.getpid())
    return "held"


@flow
def holding_inside(folder: str, seconds: int) -> str:
    """Holds the interpreter's lock in a flow of a flow, which begins when it is told to."""
    _wait_for(Path(folder, "inside"))
    return holding(folder, seconds)


@flow
def chatting(lines: int, killed: bool) -> None:
    """Writes on all ways into its log, and on after its end, if it is not killed."""
    atexit.register(print, "last words")
    for number in range(lines):
        print("out", number)
        get_run_logger().info("said %d", number)
        print("err", number, file=sys.stderr)
    if killed:
        os.kill(os.getpid(), signal.SIGKILL)


@flow
def travelling() -> str:
    """Reaches every service: its result is too large to be kept beside the run."""
    return "x" * (100_000 + one_step(0))


def _tell(folder: str, name: str, pid: int) -> None:
    """The file is whole from the moment that it is there."""
    part = Path(folder, f".{name}")
    part.write_text(str(pid))
    part.rename(Path(folder, name))


def _wait_for(path: Path) -> None:
    end = time.monotonic() + FOR_EVER
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)


if __name__ == "__main__":
    chosen: Any = {
        "holding": holding,
        "holding_inside": holding_inside,
        "paced": paced,
        "pacing": pacing,
        "sleeper": sleeper,
        "travelling": travelling,
    }[sys.argv[1]]
    print(time.monotonic(), flush=True)
    chosen(*sys.argv[2:])
