"""Real executors, of a few lines, are killed; nothing that they started may be left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest

from hanging import HANG_LIMIT
from penstock.child import guard

# Starts a child as the executor does, hands its output on, and then does nothing.
EXECUTOR = """
import os, subprocess, sys, time
reader, writer = os.pipe()
environment = {
    **os.environ, "PENSTOCK_CHILD_FD": str(reader), "PENSTOCK_CHILD_OF": f"lease-{os.getpid()}"
}
child = subprocess.Popen(
    [sys.executable, "-c", sys.argv[1]], env=environment, pass_fds=[reader],
    stdin=subprocess.DEVNULL, start_new_session=True,
)
time.sleep(600)
"""
CHILD = """
import os, signal, subprocess, sys, time
from penstock.child.guard import die_with_parent, start_guard
die_with_parent()
start_guard(int(os.environ["PENSTOCK_CHILD_FD"]))
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), helper.pid, flush=True)
"""
HOLDS_THE_INTERPRETER = (
    CHILD
    + """
import re
re.match("(a+)+b", "a" * 64)  # for ages, and without letting go of the lock
"""
)


@contextmanager
def an_executor(child: str) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """Yield a running executor, and its child with the child's helper."""
    executor = subprocess.Popen(
        [sys.executable, "-c", EXECUTOR, child], stdout=subprocess.PIPE, text=True
    )
    assert executor.stdout is not None
    pids = map(int, executor.stdout.readline().split())
    # The child may have ended its helper already.
    started = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    try:
        yield executor, started
    finally:
        executor.kill()
        executor.wait()
        executor.stdout.close()


def group_of(leader: psutil.Process) -> list[psutil.Process]:
    return [each for each in psutil.process_iter() if _group(each.pid) == leader.pid]


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def the_guard(child: psutil.Process, helper: psutil.Process) -> psutil.Process:
    [guard] = [each for each in group_of(child) if each not in (child, helper)]
    return guard


def comes_about(happens: Callable[[], bool]) -> bool:
    end = time.monotonic() + HANG_LIMIT
    while not happens() and time.monotonic() < end:
        time.sleep(0.01)
    return happens()


def is_gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.parametrize("child", [CHILD + "time.sleep(600)", HOLDS_THE_INTERPRETER])
def test_nothing_is_left_of_a_child_when_its_executor_is_killed(child: str) -> None:
    with an_executor(child) as (executor, started):
        # The child, its helper, and the guard.
        assert len(group_of(started[0])) == 3
        executor.send_signal(signal.SIGKILL)
        assert comes_about(lambda: all(is_gone(process) for process in started))
        assert comes_about(lambda: all(is_gone(each) for each in group_of(started[0])))


def test_what_left_the_group_ends_with_the_executor_too() -> None:
    leaves = CHILD.replace('time.sleep(600)"]', 'time.sleep(600)"], start_new_session=True')
    with an_executor(leaves + "time.sleep(600)") as (executor, (child, helper)):
        assert helper not in group_of(child)
        executor.send_signal(signal.SIGKILL)
        assert comes_about(lambda: is_gone(helper) and is_gone(child))


def test_the_guard_outlives_a_sigterm_to_its_group() -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)"
    with an_executor(f"{CHILD}{deaf}; time.sleep(600)") as (executor, (child, helper)):
        assert executor.stdout is not None
        assert executor.stdout.readline() == "deaf\n"
        its_guard = the_guard(child, helper)
        os.killpg(child.pid, signal.SIGTERM)
        assert comes_about(lambda: is_gone(helper))
        assert not is_gone(child)
        assert not is_gone(its_guard)
        executor.send_signal(signal.SIGKILL)
        assert comes_about(lambda: is_gone(child))


def test_a_child_that_waits_for_any_process_does_not_find_its_guard() -> None:
    waiting = CHILD + 'helper.kill(); os.wait(); print(os.system("exit 3") >> 8, flush=True)'
    waiting += """
try:
    os.wait()
except ChildProcessError:
    print("none", flush=True)
"""
    with an_executor(waiting) as (executor, _):
        assert executor.stdout is not None
        assert [executor.stdout.readline() for _ in range(2)] == ["3\n", "none\n"]


# Told that its run is lost, and deaf to every request to end; its executor does nothing at all.
LOST = CHILD.replace("start_guard(", "guard = start_guard(") + (
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); guard.end_soon()\n"
)


@pytest.mark.parametrize("then", ["time.sleep(600)", HOLDS_THE_INTERPRETER.removeprefix(CHILD)])
def test_nothing_is_left_of_a_lost_run_though_its_executor_is_frozen(then: str) -> None:
    with an_executor(LOST + then) as (executor, started):
        executor.send_signal(signal.SIGSTOP)
        assert comes_about(lambda: all(is_gone(process) for process in started))
        assert comes_about(lambda: all(is_gone(each) for each in group_of(started[0])))


def test_the_guard_of_a_lost_run_ends_it_within_two_seconds() -> None:
    assert 0 < guard.ASKED_AFTER < guard.ENDED_AFTER < 2.0


def test_the_guard_stays_when_its_child_ends_without_a_word() -> None:
    with an_executor(CHILD) as (executor, (child, helper)):
        assert comes_about(lambda: is_gone(child))
        assert not is_gone(helper)
        executor.send_signal(signal.SIGKILL)
        assert comes_about(lambda: is_gone(helper))
