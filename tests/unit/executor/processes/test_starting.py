"""A process that cannot be followed is not left running."""

import errno
import os
import sys
from pathlib import Path

import pytest

from penstockd.executor.processes import CannotStart, Command
from penstockd.executor.processes.marks import status_of
from penstockd.executor.processes.posix import PosixProcesses

pytestmark = pytest.mark.asyncio

SLEEP = Command(argv=(sys.executable, "-c", "import time; time.sleep(60)"), environment={})


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_process_that_cannot_be_watched_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[int] = []

    def too_many_open_files(pid: int) -> int:
        started.append(pid)
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    before = open_files()
    monkeypatch.setattr(os, "pidfd_open", too_many_open_files)
    with pytest.raises(CannotStart, match="Too many open files"):
        await PosixProcesses().start(SLEEP)
    assert [status_of(pid) for pid in started] == [None]
    assert open_files() == before


async def test_without_a_free_file_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_many_open_files() -> tuple[int, int]:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(os, "pipe", too_many_open_files)
    with pytest.raises(CannotStart, match="Too many open files"):
        await PosixProcesses().start(SLEEP)
