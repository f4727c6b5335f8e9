"""Whole programs: what they load, print and leave behind."""

import os
import subprocess
import sys
from pathlib import Path

PIPELINE = Path(__file__).parents[3] / "examples" / "pipeline.py"
LIGHT = """
import sys
from penstock import flow, task

@task
def one(): ...

@flow
def two(): ...

heavy = "asyncio pydantic grpc google.protobuf sqlalchemy opentelemetry.sdk concurrent.futures"
print([name for name in heavy.split() if name in sys.modules])
"""
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


def run(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_two_decorators_load_nothing_heavy(tmp_path: Path) -> None:
    assert run("-c", LIGHT, folder=tmp_path).stdout.strip() == "[]"


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
    assert len(frames) == 3
    assert all("pipeline.py" in frame for frame in frames)


def test_a_program_that_forks_runs_flows_on_both_sides(tmp_path: Path) -> None:
    ended = run("-W", "ignore", "-c", FORKING, folder=tmp_path)
    assert (ended.returncode, ended.stdout.strip()) == (0, "0"), ended.stderr


def test_a_server_that_is_not_there_is_named_with_what_to_start(tmp_path: Path) -> None:
    ended = run(str(PIPELINE), "hello world", folder=tmp_path, PENSTOCK_ADDRESS="localhost:1")
    assert ended.returncode == 1
    assert "no Penstock server answers at localhost:1" in ended.stderr
    assert "penstock up" in ended.stderr
    assert "concurrent" not in ended.stderr
