"""Waits for what another process does to files, with an end to the wait."""

import time
from pathlib import Path

PAUSE = 0.01


def pid_in(path: Path, *, within: float = 20.0) -> int:
    """Return the process id that a flow has told; fail if it tells none."""
    appears(path, within=within)
    return int(path.read_text())


def appears(path: Path, *, within: float = 20.0) -> None:
    end = time.monotonic() + within
    while not path.exists():
        if time.monotonic() > end:
            raise AssertionError(f"{path.name} is not there after {within} s")
        time.sleep(PAUSE)
