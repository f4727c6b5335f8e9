"""A flow that closes descriptors which it did not open, as programs do that become daemons."""

import subprocess
import sys
from pathlib import Path

from hanging import HANG_LIMIT
from integration.embedded import runs_in
from integration.system import LEASH, clean_environment

CLOSING = """
import os
from penstock import flow, task
from penstock.errors import StoreLost

@task
def step():
    return 1

@flow
def closing():
    step()
    os.closerange(3, 1024)
    return step()

for _ in range(2):
    try:
        closing()
    except StoreLost as error:
        print(error)
"""


def test_its_program_is_told_at_once_and_its_run_has_crashed(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LEASH, "-c", CLOSING],
        env=clean_environment(PENSTOCK_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("has closed files of Penstock") == 2
    assert "Traceback" not in ended.stderr
    assert [each.state for each in runs_in(tmp_path).values()] == ["CRASHED"]
