"""The example program, deployed and run to its end through four processes on PostgreSQL."""

import shutil
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.system import ROOT, System

DEPLOYMENT = "pipeline/pipeline-deployment"
EFFECT = "side-effect.txt"


@pytest.fixture(scope="module")
def folder(system: System, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a copy of the example lies, deployed from there as its reader would."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copy(ROOT / "examples" / "pipeline.py", folder)
    deployed = subprocess.run(
        [sys.executable, "pipeline.py", "--deploy"],
        cwd=folder,
        env=system.environment,
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert deployed.returncode == 0, deployed.stderr
    return folder


def test_good_contents_stay(caller: Caller, folder: Path) -> None:
    run = caller.run(DEPLOYMENT, contents="hello world")
    ended = caller.ended(run)
    assert state_of(ended) == "COMPLETED", caller.story(run)
    assert (folder / EFFECT).read_text() == "hello world"
    tasks = caller.task_runs(run)
    assert {name: state_of(task) for name, task in tasks.items()} == {
        "write_file": "COMPLETED",
        "quality_test": "COMPLETED",
    }
    assert not any(task.state.rolled_back for task in tasks.values())


def test_bad_contents_are_undone_and_the_run_says_so(caller: Caller, folder: Path) -> None:
    run = caller.run(DEPLOYMENT, contents="one-word")
    ended = caller.ended(run)
    assert state_of(ended) == "FAILED", caller.story(run)
    assert ended.state.rolled_back
    assert "fewer than two words" in ended.state.message
    assert not (folder / EFFECT).exists()
    tasks = caller.task_runs(run)
    assert state_of(tasks["quality_test"]) == "FAILED"
    assert state_of(tasks["write_file"]) == "COMPLETED"
    assert tasks["write_file"].state.name == "RolledBack"


def test_the_history_of_a_run_has_no_gap(caller: Caller, folder: Path) -> None:
    run = caller.run(DEPLOYMENT, contents="hello world")
    ended = caller.ended(run)
    history = caller.transitions(run)
    assert [each.revision for each in history] == list(range(1, ended.revision + 1))
    assert history[-1].state.state_type == ended.state.state_type


def test_a_parameter_that_the_schema_forbids_is_refused_before_there_is_a_run(
    caller: Caller, folder: Path
) -> None:
    before = len(caller.flow_runs())
    with pytest.raises(grpc.RpcError, match="contents"):
        caller.run(DEPLOYMENT, contents=[1, 2])
    assert len(caller.flow_runs()) == before


def test_a_parameter_that_only_the_flow_can_judge_fails_the_run_before_it_begins(
    caller: Caller, tmp_path: Path
) -> None:
    run = caller.run(caller.deploy("paced"), folder=str(tmp_path), steps="many")
    ended = caller.ended(run)
    assert state_of(ended) == "FAILED", caller.story(run)
    assert "steps" in ended.state.message
    assert list(tmp_path.iterdir()) == []
