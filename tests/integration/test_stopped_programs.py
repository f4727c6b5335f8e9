"""Beside a program that was stopped, as by Ctrl-Z, while it wrote to the store they share."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.embedded import penstock
from integration.system import LEASH, clean_environment

WRITER = """
import sys
from penstock import flow

@flow
def writes():
    return 1

writes()
"""
# What it holds is what every commit holds for a moment.
HOLDER = """
import sys
from pathlib import Path
from penstockd.database.file_lock import FileLock, lock_of, open_lock, try_lock

lock = lock_of(Path(sys.argv[1]) / "penstock.db")
if sys.argv[2] == "turn":
    assert try_lock(open_lock(lock.with_name(f"{lock.name}.turn")))
else:
    FileLock(lock).take()
print("holds", flush=True)
sys.stdin.read()
"""


def start(store: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LEASH, "-c", *arguments],
        env=clean_environment(PENSTOCK_HOME=str(store)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def stopped(store: Path, what: str) -> Iterator[int]:
    """Stop a program that holds the lock, or has its turn for it."""
    with start(store, HOLDER, str(store), what) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holds\n"
        holder.send_signal(signal.SIGSTOP)
        try:
            yield holder.pid
        finally:
            holder.kill()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one run in it."""
    with start(tmp_path, WRITER) as writer:
        assert writer.wait() == 0
    return tmp_path


def newest(store: Path) -> str:
    listed = penstock(store, "flow-run", "ls")
    assert listed.returncode == 0, listed.stderr
    return listed.stdout.splitlines()[1].split()[0]


def test_readers_wait_for_nobody(store: Path) -> None:
    with stopped(store, "lock"):
        run = newest(store)
        for command in (("inspect", run), ("logs", run)):
            read = penstock(store, "flow-run", *command)
            assert read.returncode == 0, read.stderr


def test_a_writer_says_for_whom_it_waits_and_goes_on_then(store: Path) -> None:
    with stopped(store, "lock") as pid, start(store, WRITER) as writer:
        assert writer.stderr is not None
        told = next(line for line in writer.stderr if "database.waiting" in line)
        assert f"pid={pid} command=" in told
        assert f"kill -CONT {pid}" in told
        os.kill(pid, signal.SIGCONT)
        os.kill(pid, signal.SIGTERM)
        assert writer.wait() == 0, writer.stderr.read()
    assert newest(store)


def test_who_was_stopped_while_it_waited_is_passed_by(store: Path) -> None:
    with stopped(store, "turn"), start(store, WRITER) as writer:
        _, said = writer.communicate()
        assert writer.returncode == 0, said
        assert "database.waiting" not in said


def test_a_writer_that_waits_in_vain_ends_with_whose_fault_that_is(store: Path) -> None:
    with stopped(store, "lock") as pid, start(store, WRITER) as writer:
        _, said = writer.communicate()
        assert writer.returncode == 1
        last = said.splitlines()[-1]
        assert last.startswith(f"penstock.errors.StorageUnavailable: process {pid} (")
        assert f"continue it with `kill -CONT {pid}`" in last
