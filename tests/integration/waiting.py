"""Waits for what another process does, with an end to the wait."""

import time
from collections.abc import Callable
from pathlib import Path

from hanging import HANG_LIMIT

PAUSE = 0.01


def pid_in(path: Path) -> int:
    """Return the process id that a flow has told; fail if it tells none."""
    appears(path)
    return int(path.read_text())


def appears(path: Path) -> None:
    wait_until(path.exists, f"{path.name} is not there")


def wait_until(true: Callable[[], bool], otherwise: str = "not so") -> None:
    end = time.monotonic() + HANG_LIMIT
    while not true():
        assert time.monotonic() < end, f"{otherwise} after {HANG_LIMIT} s"
        time.sleep(PAUSE)
