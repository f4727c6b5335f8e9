"""Programs that fork beside an embedded store: what they were told is recorded is there."""

import subprocess
import sys
from pathlib import Path

import pytest

from hanging import HANG_LIMIT
from integration.embedded import runs_in
from integration.system import LEASH, clean_environment

PREAMBLE = """
import multiprocessing, os, sys
from concurrent.futures import ProcessPoolExecutor
from penstock import flow, task
from penstock.transactions import transaction

fork = multiprocessing.get_context("fork")

@task
def square(number):
    return number * number

@flow
def inner(number):
    return square(number)

def ended(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""
# Each parent leaves at once, as those of daemons do, and closes nothing.
DAEMONS = """
inner(0)
for number in range(1, 21):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            inner(number)
            os.write(write, b"!")
        os._exit(0)
    ended(child)
    assert os.read(read, 1) == b"!"
    os.close(read), os.close(write)
os._exit(0)
"""
LEAVING = """
inner(0)
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
for number in range(1, 21):
    inner(number)
"""
POOL = """
inner(0)
with fork.Pool(4) as pool:
    assert pool.map(inner, range(1, 20)) == [number * number for number in range(1, 20)]
inner(20)
"""
IN_A_TASK = """
@task
def forking():
    with ProcessPoolExecutor(3, mp_context=fork) as pool:
        return list(pool.map(inner, range(19)))

@flow
def outer():
    return forking(), inner(19)

outer()
"""
THREADS = """
import threading

inner(0)
threads = [threading.Thread(target=lambda: [inner(1) for _ in range(5)]) for _ in range(2)]
for thread in threads:
    thread.start()
children = []
for _ in range(10):
    child = os.fork()
    if child == 0:
        inner(2)
        os._exit(0)
    children.append(child)
for thread in threads:
    thread.join()
assert [ended(child) for child in children] == [0] * 10
"""
RETURNING = """
undone = []

@task
def step():
    return 1

@step.on_rollback
def undo(txn):
    print("undone", flush=True)

@flow
def outer(how):
    with transaction():
        step()
        child = os.fork()
        if child == 0:
            if how == "exits":
                sys.exit(7)
            if how == "raises":
                raise ValueError("in the child")
            return "returned"
        assert ended(child) == {"exits": 7, "raises": 1, "returns": 0}[how]
    return "parent"

import atexit
atexit.register(print, "the parent's end")
print(outer(sys.argv[1]))
"""
WRITING = """
from penstock.exceptions import ForkedProcess
from penstockd.database.forks import forks

inner(0)
forks.enter()  # as a transaction does that takes very long
forks._calm_seconds = 0.1
child = os.fork()
if child == 0:
    try:
        inner(1)
    except ForkedProcess as error:
        print(error, flush=True)
    os._exit(0)
forks.leave()
assert ended(child) == 0
inner(2)
"""
SUBPROCESS = """
import subprocess

inner(0)
for number in range(1, 4):
    subprocess.run(["true"], check=True, preexec_fn=os.getpid if number > 1 else None)
    inner(number)
"""


def ran(store: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LEASH, "-c", PREAMBLE + text, *arguments],
        env=clean_environment(PENSTOCK_HOME=str(store)),
        # A daemon holds them after its parent's end, which is waited for too.
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        (DAEMONS, 21), (LEAVING, 21), (POOL, 21), (IN_A_TASK, 21), (THREADS, 21),
        (SUBPROCESS, 4),
    ],
    ids=["daemons", "leaving", "pool", "in a task", "threads", "subprocess"],
)  # fmt: skip
def test_every_run_that_returned_is_in_the_store(tmp_path: Path, text: str, runs: int) -> None:
    ended = ran(tmp_path, text)
    assert ended.returncode == 0, ended.stderr
    states = [each.state for each in runs_in(tmp_path).values()]
    assert states == ["COMPLETED"] * runs, ended.stderr


@pytest.mark.parametrize("how", ["returns", "exits", "raises"])
def test_a_child_that_leaves_its_parents_flow_ends_at_once(tmp_path: Path, how: str) -> None:
    ended = ran(tmp_path, RETURNING, how)
    assert ended.stdout.splitlines() == ["parent", "the parent's end"], ended.stderr
    [run] = runs_in(tmp_path).values()
    assert (run.state, run.tasks) == ("COMPLETED", ("COMPLETED",))


def test_a_child_of_a_program_that_goes_on_writing_is_refused_before_it_writes(
    tmp_path: Path,
) -> None:
    ended = ran(tmp_path, WRITING)
    assert ended.returncode == 0, ended.stderr
    assert "start it by multiprocessing's 'spawn' or 'forkserver' method" in ended.stdout
    assert [each.state for each in runs_in(tmp_path).values()] == ["COMPLETED"] * 2
