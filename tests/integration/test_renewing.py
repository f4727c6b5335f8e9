"""A script's lease lives as long as the script does, whatever its code does to the others."""

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.embedded import program
from integration.serving import Serving
from integration.system import end_all_of, processes_of, wait_until_gone

TTL = 8
HELD_SECONDS = 10


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with Serving(tmp_path / "server", PENSTOCK_STATE_TTL=f"{TTL}s") as serving:
        yield serving


@pytest.fixture
def flow() -> str:
    return "holding"


@pytest.fixture
def script(server: Serving, tmp_path: Path, flow: str) -> Iterator[subprocess.Popen[str]]:
    """A script whose lease a process of its own renews already."""
    home = tmp_path / "script"
    started = program(
        home,
        flow,
        str(tmp_path),
        str(HELD_SECONDS),
        PENSTOCK_ADDRESS=server.address,
        PENSTOCK_RENEWER_AFTER="0.1",
    )
    try:
        yield started
    finally:
        end_all_of(home)
        started.communicate()


def the_renewer(home: Path) -> psutil.Process:
    end = time.monotonic() + HANG_LIMIT
    while time.monotonic() < end:
        for process in processes_of(home):
            # Those between the script and the renewer end while they are looked at.
            with suppress(psutil.NoSuchProcess):
                # It has left what it was started as.
                if (
                    process.cmdline()[-3:] == ["-P", "-m", "penstock.leases.renewing"]
                    and process.cmdline()[0] == sys.executable
                    and process.ppid() not in _pids(home)
                ):
                    return process
        time.sleep(0.02)
    raise AssertionError("nobody renews")


def cpu_seconds_of(program: str) -> float:
    """Return what it takes an interpreter, the quickest of three."""
    taken = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken)


def _pids(home: Path) -> set[int]:
    return {process.pid for process in processes_of(home)}


def test_code_that_holds_the_interpreter_keeps_its_lease(
    server: Serving, script: subprocess.Popen[str], tmp_path: Path
) -> None:
    renewer = the_renewer(tmp_path / "script")
    assert sum(renewer.cpu_times()[:2]) < 3 * cpu_seconds_of("import grpc")
    (tmp_path / "go").touch()
    _, said = script.communicate(timeout=HANG_LIMIT)
    assert script.returncode == 0, said
    with closing(Caller(server.addresses)) as caller:
        [run] = caller.flow_runs()
        assert state_of(run) == "COMPLETED"
    assert wait_until_gone([renewer]) == []


@pytest.mark.parametrize("flow", ["holding_inside"])
def test_so_does_a_subflow_that_began_after_the_renewer(
    server: Serving, script: subprocess.Popen[str], tmp_path: Path
) -> None:
    the_renewer(tmp_path / "script")
    (tmp_path / "inside").touch()
    (tmp_path / "go").touch()
    _, said = script.communicate(timeout=HANG_LIMIT)
    assert script.returncode == 0, said
    with closing(Caller(server.addresses)) as caller:
        assert [state_of(run) for run in caller.flow_runs()] == ["COMPLETED", "COMPLETED"]


@pytest.mark.parametrize("flow", ["holding", "holding_inside"])
def test_so_does_code_that_holds_it_from_its_first_line(
    server: Serving, tmp_path: Path, flow: str
) -> None:
    for name in ("inside", "go"):
        (tmp_path / name).touch()
    home = tmp_path / "script"
    environment = {"PENSTOCK_ADDRESS": server.address, "PENSTOCK_RENEWER_AFTER": "2"}
    script = program(home, flow, str(tmp_path), str(HELD_SECONDS), **environment)
    _, said = script.communicate(timeout=HANG_LIMIT)
    assert script.returncode == 0, said
    with closing(Caller(server.addresses)) as caller:
        assert {state_of(run) for run in caller.flow_runs()} == {"COMPLETED"}
    assert wait_until_gone(processes_of(home)) == []


def test_a_short_script_leaves_nobody_waiting(server: Serving, tmp_path: Path) -> None:
    home = tmp_path / "script"
    environment = {"PENSTOCK_ADDRESS": server.address, "PENSTOCK_RENEWER_AFTER": "600"}
    script = program(home, "travelling", **environment)
    _, said = script.communicate(timeout=HANG_LIMIT)
    assert script.returncode == 0, said
    assert wait_until_gone(processes_of(home)) == []


def test_a_killed_script_crashes_at_once_and_its_renewer_is_gone(
    server: Serving, script: subprocess.Popen[str], tmp_path: Path
) -> None:
    renewer = the_renewer(tmp_path / "script")
    with closing(Caller(server.addresses)) as caller:
        [run] = caller.flow_runs()
        script.send_signal(signal.SIGKILL)
        run = caller.until(run.id, "CRASHED")
        assert wait_until_gone([renewer]) == []
    assert "ended before the run" in run.state.message


def test_the_renewer_is_no_child_of_the_script(
    script: subprocess.Popen[str], tmp_path: Path
) -> None:
    renewer = the_renewer(tmp_path / "script")
    children = psutil.Process(script.pid).children()
    assert renewer not in children
    assert wait_until_gone(children) == []
