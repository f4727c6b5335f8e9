"""What a process can do that was forked inside a run which a server records."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.serving import Serving
from integration.system import LEASH

PROGRAM = """
import multiprocessing, os
from penstock import flow, task
from penstock.exceptions import ForkedProcess

@task
def square(number):
    return number * number

@flow
def inner():
    return square(3)

def squared(number):
    return square(number)

def refused(_number):
    try:
        inner()
    except ForkedProcess as error:
        return str(error)

@task
def forking():
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(squared, [1, 2]), pool.map(refused, [0])

@flow
def outer():
    return *forking(), inner()

print(*outer(), sep="\\n")
"""

FORKING_AFTER = """
import os
from penstock import flow
from penstock.client.process_connection import process_connection
from penstock.exceptions import ForkedProcess

@flow
def inner():
    return 9

inner()
process_connection.close()
child = os.fork()
if child == 0:
    try:
        inner()
    except ForkedProcess:
        os._exit(7)
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), inner())
"""


def test_a_fork_inside_a_run_runs_tasks_and_is_told_why_it_runs_no_flow(
    tmp_path: Path,
) -> None:
    with Serving(tmp_path / "server") as server:
        ended = ended_program(PROGRAM, server)
        with closing(Caller(server.addresses)) as caller:
            runs = caller.flow_runs()
    assert ended.returncode == 0, ended.stderr
    squares, told, nine = ended.stdout.splitlines()
    assert (squares, nine) == ("[1, 4]", "9")
    assert "cannot use that connection: start it by multiprocessing's 'spawn'" in told
    assert [(run.spec.flow_name, state_of(run)) for run in runs] == [
        ("inner", "COMPLETED"),
        ("outer", "COMPLETED"),
    ]


def test_a_fork_of_a_program_that_has_left_its_server_is_told_the_same(tmp_path: Path) -> None:
    with Serving(tmp_path / "server") as server:
        ended = ended_program(FORKING_AFTER, server)
    assert ended.stdout == "7 9\n", ended.stderr


def ended_program(text: str, server: Serving) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LEASH, "-c", text],
        env={**server.environment, "PENSTOCK_ADDRESS": server.address},
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
