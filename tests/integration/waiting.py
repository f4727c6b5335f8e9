"""Waits for what another process does to files, with an end to the wait."""

import time
from pathlib import Path

from hanging import HANG_LIMIT

PAUSE = 0.01


def pid_in(path: Path) -> int:
    """Return the process id that a flow has told; fail if it tells none."""
    appears(path)
    return int(path.read_text())


def appears(path: Path) -> None:
    end = time.monotonic() + HANG_LIMIT
    while not path.exists():
        if time.monotonic() > end:
            raise AssertionError(f"{path.name} is not there after {HANG_LIMIT} s")
        time.sleep(PAUSE)
