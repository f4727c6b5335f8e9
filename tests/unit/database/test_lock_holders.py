import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from penstockd.database import lock_holders
from penstockd.database.lock_holders import holder_of, holders_in

LOCKS = """\
1: FLOCK  ADVISORY  WRITE 4711 fe:01:1234 0 EOF
1: -> FLOCK  ADVISORY  WRITE 4712 fe:01:1234 0 EOF
2: POSIX  ADVISORY  WRITE 4713 fe:01:1234 0 EOF
3: FLOCK  ADVISORY  WRITE 4714 fe:01:12345 0 EOF
4: FLOCK  ADVISORY  READ  -1 fe:01:1234 0 EOF
5: FLOCK  ADVISORY  READ  4715 fe:01:1234 0 EOF
"""
HOLDS = """
import fcntl, sys
file = open(sys.argv[1])
fcntl.flock(file, fcntl.LOCK_EX)
print("holds", flush=True)
sys.stdin.read()
"""


def test_who_holds_a_lock_is_told_from_who_waits_and_from_other_locks() -> None:
    assert list(holders_in(LOCKS, 1234)) == [4711, 4715]


def test_a_holder_is_named_with_what_can_be_done_about_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    with path.open() as file:
        assert holder_of(file.fileno()) is None
        with subprocess.Popen(
            [sys.executable, "-c", HOLDS, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"holds\n"
            running = holder_of(file.fileno())
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            stopped = holder_of(file.fileno())
            process.kill()
    assert running is not None
    assert running.pid == process.pid
    assert str(path) in running.command or len(running.command) == 80
    assert running.advice == "wait for it, or end it"
    assert stopped is not None
    assert f"kill -CONT {process.pid}" in stopped.advice


def test_what_this_process_holds_is_told_too(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        holder = holder_of(file.fileno())
        assert holder is not None
        assert holder.pid == os.getpid()


def test_who_holds_a_file_of_the_same_number_elsewhere_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "lock").open("w") as file:
        number = os.fstat(file.fileno()).st_ino
        # It has no such file open: the number is that of another file system.
        other = f"1: FLOCK  ADVISORY  WRITE {os.getppid()} fe:99:{number} 0 EOF\n"
        proc = tmp_path / "proc"
        (proc / str(os.getppid()) / "fd").mkdir(parents=True)
        (proc / str(os.getppid()) / "cmdline").write_bytes(b"innocent")
        (proc / str(os.getppid()) / "stat").write_text("1 (innocent) S 0")
        (proc / "locks").write_text(other)
        monkeypatch.setattr(lock_holders, "_PROC", proc)
        assert holder_of(file.fileno()) is None
