"""How long after a kill the store says that a run crashed, and how soon nobody is named."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil

from bench.figures import Row, Timing, timed
from bench.workloads import four_processes
from integration.caller import Caller, time_of
from integration.embedded import program
from integration.serving import Serving
from integration.system import clean_environment, end_all_of, unused_addresses
from integration.waiting import pid_in

ROUNDS = 5


def ends(folder: Path) -> list[Row]:
    """A child, a script and an executor that are killed; a server that is not there."""
    with four_processes(folder) as system, closing(Caller(system.addresses)) as caller:
        sleeper = caller.deploy("sleeper")

        def kill_a_child(at: Path) -> float:
            run = caller.run(sleeper, folder=str(at))
            return _crashed_after(caller, run, lambda: os.kill(_child(at), signal.SIGKILL))

        def kill_the_executor(at: Path) -> float:
            run = caller.run(sleeper, folder=str(at))
            _child(at)
            return _crashed_after(caller, run, lambda: system.kill("executor"))

        children = _row("a child is killed", "≤ 2 s", folder, kill_a_child)
        executor = _row("its executor is killed", "≤ 16 s", folder, kill_the_executor, rounds=1)
    with Serving(folder / "server") as server, closing(Caller(server.addresses)) as caller:

        def kill_a_script(at: Path) -> float:
            started = {"PENSTOCK_ADDRESS": server.address, "PENSTOCK_RENEWER_AFTER": "0.1"}
            script = program(at / "home", "sleeper", str(at), **started)
            _child(at)
            # Its renewer has taken over by then.
            time.sleep(2)
            run = caller.flow_runs()[0].id
            try:
                return _crashed_after(caller, run, script.kill)
            finally:
                end_all_of(at / "home")
                script.communicate()

        scripts = _row("a script is killed", "≤ 2 s", folder, kill_a_script)
    return [children, executor, scripts, _nobody(folder)]


def _nobody(folder: Path) -> Row:
    [address] = unused_addresses(1)
    environment = clean_environment(
        PENSTOCK_HOME=str(folder / "store"), PENSTOCK_ADDRESS=address
    )
    command = [sys.executable, "-m", "penstock.cli", "flow-run", "ls"]
    timings = timed(command, environment, ROUNDS, fails=True)
    return Row(what="no server is there, and that is said", timings=timings, target="≤ 5 s")


def _row(
    what: str,
    target: str,
    folder: Path,
    measure: Callable[[Path], float],
    *,
    rounds: int = ROUNDS,
) -> Row:
    timings = []
    for number in range(rounds):
        at = folder / f"{what}-{number}"
        at.mkdir()
        timings.append(Timing(wall=measure(at), cpu=0))
    return Row(what=f"{what}, its run has crashed", timings=timings, target=target)


def _child(at: Path) -> int:
    pid = pid_in(at / "child")
    assert psutil.pid_exists(pid)
    return pid


def _crashed_after(caller: Caller, run: str, kill: Callable[[], object]) -> float:
    killed = time.time()
    kill()
    return time_of(caller.until(run, "CRASHED")) - killed
