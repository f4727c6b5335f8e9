"""A call is a value: another process can be given it, and carry it out."""

import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from penstock import task
from penstock.engine.contexts import TaskCall
from unit.engine.runs import TASK_RUN

CARRY_OUT = """
import pickle, sys
from penstock.engine.contexts import TaskRunContext
from penstock.engine.drives import BLOCKING, run_blocking
from penstock.engine.tasks.task_runs import run_task
call = pickle.loads(sys.stdin.buffer.read())
ended = run_blocking(run_task(TaskRunContext(call=call), BLOCKING))
sys.stdout.buffer.write(pickle.dumps((call.name, *ended)))
"""
MODULE = """
from penstock import task

@task
def double(number, *, times=1):
    return 2 * number * times
"""


def carried_out_elsewhere(call: TaskCall, folder: Path) -> tuple[str, Any, Any]:
    done = subprocess.run(
        [sys.executable, "-c", CARRY_OUT],
        input=pickle.dumps(call),
        stdout=subprocess.PIPE,
        cwd=folder,
        check=True,
    )
    return pickle.loads(done.stdout)  # type: ignore[no-any-return]


def test_a_task_of_a_module_goes_by_its_name(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "doubling.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    call = TaskCall(import_module("doubling").double, (4,), {"times": 3}, TASK_RUN, "double-0")
    assert len(pickle.dumps(call)) < 300
    assert carried_out_elsewhere(call, tmp_path) == ("double-0", 24, None)


def test_a_task_that_nobody_finds_goes_by_value(tmp_path: Path) -> None:
    factor = 5

    @task(retries=1)
    def multiplied(number: int) -> int:
        return factor * number

    call = TaskCall(multiplied, (4,), {}, TASK_RUN, "multiplied-0")
    assert carried_out_elsewhere(call, tmp_path) == ("multiplied-0", 20, None)
