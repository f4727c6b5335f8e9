"""What keeps the machine busy is gone with the command, and with whoever started it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from hanging import HANG_LIMIT
from tools import busy

ROOT = Path(__file__).parents[3]
BUSY = [sys.executable, "-m", "tools.busy"]
LOADS = busy.LOOPS_PER_CORE * (os.cpu_count() or 1) + busy.WRITERS
WAITS = [*BUSY, sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


def loads_of(parent: int) -> list[psutil.Process]:
    return [
        each
        for each in psutil.process_iter(["cmdline"])
        if (each.info["cmdline"] or [])[-4:-2] == ["tools.busy", "--load"]
        and each.info["cmdline"][-1] == str(parent)
    ]


def all_gone(processes: Sequence[psutil.Process]) -> bool:
    end = time.monotonic() + HANG_LIMIT
    while any(map(is_alive, processes)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(is_alive, processes))


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_command_runs_beside_the_load_and_its_code_is_returned() -> None:
    seen = "import os, psutil; p = psutil.Process(os.getppid()); print(len(p.children()))"
    code = f"{seen}; raise SystemExit(3)"
    ended = subprocess.run(
        [*BUSY, sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (3, f"{LOADS + 1}\n"), ended.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_load_does_not_outlive_who_started_it(how: signal.Signals) -> None:
    with subprocess.Popen(WAITS, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        [waits] = [
            each
            for each in psutil.Process(running.pid).children()
            if "--load" not in each.cmdline()
        ]
        loads = loads_of(running.pid)
        assert len(loads) == LOADS
        running.send_signal(how)
        assert all_gone(loads)
        if is_alive(waits):
            waits.kill()
