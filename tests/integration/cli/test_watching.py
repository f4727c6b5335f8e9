"""What a person sees of a run that goes on: its states, its log and its subflows, each once."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fixtures_cli import Penstock
from hanging import HANG_LIMIT
from integration.serving import Serving

FLOWS = """
import ctypes, os, signal
from penstock import flow, get_run_logger, task

@task
def pour(litres):
    get_run_logger().info("pouring %d", litres)
    if litres > 2:
        raise ValueError("too much")

@flow
def basin(litres):
    pour(litres)

@flow
def river():
    print("over the weir")
    get_run_logger().warning("careful")
    pour(3, return_state=True)
    basin(1)

@flow
def bursts():
    ctypes.string_at(0)

@flow
def vanishes():
    os.kill(os.getpid(), signal.SIGKILL)

@flow
def dries():
    raise KeyError("spring")
"""
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The environment of programs that use a server."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "water.py").write_text(FLOWS)
    with Serving(folder) as serving:
        yield {**serving.environment, "PENSTOCK_ADDRESS": serving.address, "PWD": str(folder)}


def told(environment: Mapping[str, str], *arguments: str) -> str:
    """Return what a command of its own process prints, its complaints too."""
    done = subprocess.run(
        [sys.executable, "-m", "penstock.cli", *arguments],
        cwd=environment["PWD"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    return done.stdout


def watched(environment: Mapping[str, str], flow: str, *arguments: str) -> str:
    told(environment, "deploy", f"water.py:{flow}", "-n", "d", "--pool", "local-pool")
    return told(environment, "deployment", "run", f"{flow}/d", "--watch", *arguments)


def test_a_watch_tells_states_subflows_and_log_lines_each_once(
    server: Mapping[str, str],
) -> None:
    said = watched(server, "river")
    for once in (
        r"river / \S+  Pending",
        r"river / \S+  Running",
        r"river / \S+  Completed  \S+s",
        r"basin / \S+  Completed  \S+s  [0-9a-f-]{36}",
        r"basin-0  Completed",
        r"penstock.task_runs  pouring 3",
        r"penstock.task_runs  Failed: ValueError: too much\n  \|   File .*water.py.*in pour",
        r"penstock.flow_runs  careful",
        r"stdout  over the weir",
    ):
        assert len(re.findall(once, said)) == 1, (once, said)
    # Whoever runs it is told by host and process, beside its session.
    told_of = told(server, "flow-run", "inspect", re.findall(r"run (\S+) \(", said)[0])
    assert re.search(r"session: [0-9a-f-]{36}\nworker: \S+:\d+\n", told_of), told_of
    by = re.findall(r"  worker (\S+)", told_of)
    assert by, told_of
    assert all(re.fullmatch(r"\S+:\d+", each) for each in by), by
    # States tell the begin and the end.
    assert "begins" not in said
    # The subflow's log is its own.
    assert "pouring 1" not in said


def test_a_watch_in_json_has_an_object_for_each(server: Mapping[str, str]) -> None:
    said = watched(server, "river", "-o", "json")
    assert '"message": "pouring 3"' in said
    assert len(re.findall(r'"flow_name": "basin".*"state_type": "COMPLETED"', said)) == 1


@pytest.mark.parametrize(
    ("flow", "why", "stack"),
    [
        ("bursts", "killed by SIGSEGV: its stack is in the run's log", r"water.py.* in bursts"),
        ("vanishes", r"killed by SIGKILL: memory (may have run|ran) out", ""),
    ],
)
def test_what_killed_the_process_is_told(
    server: Mapping[str, str], flow: str, why: str, stack: str
) -> None:
    said = watched(server, flow)
    assert re.search(rf"{flow} / \S+  Crashed  \S+  {why}", said), said
    assert re.search(stack, said), said


def test_a_log_can_be_watched_with_its_run_on_an_embedded_store(penstock: Penstock) -> None:
    Path("water.py").write_text(FLOWS)
    penstock("run", "water.py:river")
    runs = penstock("flow-run", "ls", "-o", "json").json
    [river] = [run["id"] for run in runs if run["spec"]["flow_name"] == "river"]
    [basin] = [run["id"] for run in runs if run["spec"]["flow_name"] == "basin"]
    said = penstock("flow-run", "watch", river, "--logs").out
    assert said.count("careful") == 1
    assert said.count(basin) == 1
    assert "careful" not in penstock("flow-run", "watch", river).out
    assert re.search(
        rf"basin-0  Completed .*\n.*    └── basin / \S+  Completed  \S+s  {basin}\n",
        penstock("flow-run", "inspect", river).out,
    )


@pytest.mark.parametrize(
    ("flow", "ends", "counts"),
    [("river", "Completed", "1 task, 1 failed"), ("dries", "Failed", "0 tasks")],
)
def test_on_a_terminal_the_tree_tells_begin_and_end_and_the_log_the_rest(
    tmp_path: Path, flow: str, ends: str, counts: str
) -> None:
    (tmp_path / "water.py").write_text(FLOWS)
    screen = on_a_terminal(tmp_path, "run", f"water.py:{flow}")
    *_, last = screen.split(f"{flow} / ")
    assert re.match(rf"\S+  {ends}  ", last), screen
    assert re.search(rf"\n{counts}, \d+\.\d s\r?\n$", last.rstrip(" ")), screen
    assert "begins" not in screen
    assert "Completed (" not in screen
    if flow == "river":
        assert screen.count("| careful") == 1
        assert screen.count('raise ValueError("too much")') == 1
    else:
        assert screen.count('raise KeyError("spring")') == 1


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """Return what a command writes to its terminal, without what moves the cursor."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "penstock.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PENSTOCK_HOME": str(folder / "home"), "COLUMNS": "120"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    written = b""
    # The end of the last writer is an error of the terminal's.
    while data := _read(ours):
        written += data
    os.close(ours)
    process.wait(HANG_LIMIT)
    return ESCAPES.sub("", written.decode())


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""
