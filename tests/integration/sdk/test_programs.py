"""Whole programs: what they print and leave behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from hanging import HANG_LIMIT
from integration.sdk.conftest import shown

PIPELINE = Path(__file__).parents[3] / "examples" / "pipeline.py"
FORKING = """
import os
from penstock import flow

@flow
def count(number):
    return number

count(1)
child = os.fork()
if child == 0:
    count(2)
    sys_exit = 0
else:
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
THREADS = """
import threading, time
from penstock import flow

begun = threading.Barrier(3)

@flow
def slow(seconds):
    begun.wait()
    time.sleep(seconds)
    return seconds

for seconds in (1, 60):
    work = lambda seconds=seconds: print(slow(seconds))
    threading.Thread(target=work, daemon=seconds == 60).start()
begun.wait()
"""
FORKING_INSIDE = """
import os
from penstock import flow, task
from penstock.transactions import transaction

@task
def step():
    return 1

step.on_rollback(print)

@flow
def inner():
    return step()

@flow
def outer():
    child = os.fork()
    if child == 0:
        with transaction():
            step()
        inner()
        os._exit(0)
    return os.waitpid(child, 0)[1] + step()

print(outer())
"""
INTERRUPTED = """
import os, signal, sys, threading, time
from penstock import flow, task

@task
def waits():
    time.sleep(600)

@flow
def interrupted():
    waits.submit()
    threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGINT]).start()
    time.sleep(600)

signal.signal(signal.SIGINT, signal.default_int_handler)
interrupted()
"""
LEAVING = """
import sys
from penstock import flow

@flow
def leaving():
    sys.exit(7)

leaving()
"""


def run(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )


def test_good_contents_stay(tmp_path: Path) -> None:
    ended = run(str(PIPELINE), "hello world", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "side-effect.txt").read_text() == "hello world"


def test_bad_contents_are_undone_and_the_traceback_shows_the_users_lines(
    tmp_path: Path,
) -> None:
    ended = run(str(PIPELINE), "bad", folder=tmp_path)
    assert ended.returncode == 1
    assert not (tmp_path / "side-effect.txt").exists()
    assert "rolled back: write_file-0" in ended.stderr
    frames = [line for line in ended.stderr.splitlines() if line.startswith("  File ")]
    # The task's own in the log, and those of the exception that ended the program.
    assert len(frames) == 1 + 3
    assert all("pipeline.py" in frame for frame in frames)


def test_a_program_that_forks_runs_flows_on_both_sides(tmp_path: Path) -> None:
    ended = run("-W", "ignore", "-c", FORKING, folder=tmp_path)
    assert (ended.returncode, ended.stdout.strip()) == (0, "0"), ended.stderr


def test_a_run_in_a_thread_goes_on_when_the_main_thread_ends(
    tmp_path: Path, recorded: Any
) -> None:
    ended = run("-c", THREADS, folder=tmp_path)
    assert (ended.returncode, ended.stdout) == (0, "1\n"), ended.stderr
    states = sorted(shown(each.state) for each in recorded.flow_runs())
    # Nobody waits for a daemon.
    assert states == ["Completed", "Crashed"]


def test_a_fork_inside_a_flow_belongs_to_no_run_and_waits_for_none(
    tmp_path: Path, recorded: Any
) -> None:
    ended = run("-W", "ignore", "-c", FORKING_INSIDE, folder=tmp_path)
    assert (ended.returncode, ended.stdout) == (0, "1\n"), ended.stderr
    inner, outer = recorded.flow_runs()
    assert [inner.parent_flow_run_id, outer.parent_flow_run_id] == ["", ""]
    assert list(recorded.task_runs(outer.id)) == ["step-0"]


def test_ctrl_c_ends_a_program_and_its_run_crashed(tmp_path: Path, recorded: Any) -> None:
    ended = run("-c", INTERRUPTED, folder=tmp_path)
    assert ended.returncode == -signal.SIGINT
    state = recorded.newest().state
    assert (shown(state), state.message[-17:]) == ("Crashed", "KeyboardInterrupt")


def test_a_flow_that_exits_ends_the_program_with_its_code(
    tmp_path: Path, recorded: Any
) -> None:
    assert run("-c", LEAVING, folder=tmp_path).returncode == 7
    state = recorded.newest().state
    assert (shown(state), state.message[-13:]) == ("Crashed", "SystemExit: 7")


def test_a_server_that_is_not_there_is_named_with_what_to_start(tmp_path: Path) -> None:
    ended = run(str(PIPELINE), "hello world", folder=tmp_path, PENSTOCK_ADDRESS="localhost:1")
    assert ended.returncode == 1
    assert "no Penstock server answers at localhost:1" in ended.stderr
    assert "penstock up" in ended.stderr
    assert "concurrent" not in ended.stderr
