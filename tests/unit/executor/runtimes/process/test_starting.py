"""A process that cannot be followed is not left running."""

import asyncio
import errno
import os
import sys
from pathlib import Path

import pytest

from hanging import HANG_LIMIT
from penstockd.executor.runtimes import CannotStart, Handle, Job, Keep
from penstockd.executor.runtimes.process.marks import ProcessMark, status_of
from penstockd.executor.runtimes.process.runtime import ProcessRuntime
from unit.executor.builders import a_work

pytestmark = pytest.mark.asyncio

SLEEP = ("-c", "import time; time.sleep(600)")
WORK = a_work()


async def start(keep: Keep) -> None:
    runtime = ProcessRuntime(interpreter=sys.executable, program=SLEEP)
    await runtime.start(WORK.launch, Job(work=WORK), keep=keep)


async def nothing_is_kept(_handle: Handle) -> None:
    raise AssertionError("nothing was started")


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
        await start(nothing_is_kept)
    assert [status_of(pid) for pid in started] == [None]
    assert open_files() == before


async def test_without_a_free_file_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_many_open_files() -> tuple[int, int]:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(os, "pipe", too_many_open_files)
    with pytest.raises(CannotStart, match="Too many open files"):
        await start(nothing_is_kept)


async def test_a_process_of_which_nothing_can_be_kept_is_ended() -> None:
    kept: list[Handle] = []
    opened: list[int] = []

    async def disk_full(handle: Handle) -> None:
        kept.append(handle)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # The first one may make the loop open files of its own, for good.
    for _ in range(2):
        with pytest.raises(OSError, match="No space left"):
            await start(disk_full)
        mark = ProcessMark.of(kept[-1])
        assert mark is not None
        async with asyncio.timeout(HANG_LIMIT):
            while status_of(mark.pid) is not None:  # noqa: ASYNC110 - its end sets no event
                await asyncio.sleep(0.01)
        opened.append(open_files())
    assert opened[0] == opened[1]
