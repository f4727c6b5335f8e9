"""A small disk that can be filled, of memory; nothing of it stays when the program ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

INSIDE = "CHAOS_NAMESPACE"
BLOCK = 1 << 16


def enter_own_namespace() -> None:
    """Start again where a mount is nobody else's. Raises SystemExit if that is not allowed."""
    if os.environ.get(INSIDE):
        return
    if os.geteuid():
        raise SystemExit("chaos: filling a disk takes a mount: run as root")
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "--mount", "--", *sys.orig_argv])


@contextmanager
def small_disk(folder: Path, *, mib: int) -> Iterator[None]:
    """Have the folder on a disk of this size inside the block."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={mib}m,mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "chaos", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(ballast: Path) -> None:
    """Take all that is free; whoever gives something back finds it taken at the next call."""
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(BLOCK))


def empty(ballast: Path) -> None:
    ballast.unlink(missing_ok=True)
