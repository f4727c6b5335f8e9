"""Several programs on one embedded store, and what becomes of one that is killed."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.embedded import penstock, program, runs_in
from integration.serving import Serving
from integration.system import end_all_of, unused_addresses
from integration.waiting import appears, pid_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "store"
    end_all_of(tmp_path / "store")


def a_folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


def ended(script: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the script's end; return its code and what it said on standard error."""
    _, said = script.communicate(timeout=HANG_LIMIT)
    return script.returncode, said


def succeeds(script: subprocess.Popen[str]) -> None:
    code, said = ended(script)
    assert code == 0, said


def test_two_scripts_and_a_listing_share_one_store(store: Path, tmp_path: Path) -> None:
    folders = [a_folder(tmp_path, name) for name in ("one", "two")]
    scripts = [program(store, "paced", str(folder), "3") for folder in folders]
    for folder in folders:
        appears(folder / "step-0")
    listed = penstock(store, "flow-run", "ls", "-o", "json")
    assert listed.returncode == 0, listed.stderr
    assert len(json.loads(listed.stdout)) == 2
    assert [each.state for each in runs_in(store).values()] == ["RUNNING"] * 2
    for step in range(3):
        for folder in folders:
            (folder / f"go-{step}").touch()
    for script in scripts:
        succeeds(script)
    for run in runs_in(store).values():
        assert run.state == "COMPLETED"
        assert run.tasks == ("COMPLETED",) * 3


def test_a_script_that_was_killed_is_seen_as_crashed_at_the_next_open(
    store: Path, tmp_path: Path
) -> None:
    script = program(store, "sleeper", str(tmp_path))
    child, grandchild = pid_in(tmp_path / "child"), pid_in(tmp_path / "grandchild")
    assert [each.state for each in runs_in(store).values()] == ["RUNNING"]
    os.kill(child, signal.SIGKILL)
    # What the flow had started holds the script's pipes open.
    os.kill(grandchild, signal.SIGKILL)
    script.communicate(timeout=HANG_LIMIT)
    [run] = runs_in(store).values()
    assert run.state == "CRASHED"
    assert "lost" in run.message


def test_a_script_attaches_to_the_server_that_owns_its_store(
    store: Path, tmp_path: Path, postgres_url: str
) -> None:
    # What the script writes can be in PostgreSQL only if the server wrote it.
    with Serving(store, PENSTOCK_DATABASE=postgres_url) as owner:
        script = program(store, "paced", str(tmp_path), "1")
        appears(tmp_path / "step-0")
        (tmp_path / "go-0").touch()
        succeeds(script)
        with closing(Caller(owner.addresses)) as caller:
            [run] = caller.flow_runs()
            assert state_of(run) == "COMPLETED"
    assert not (store / "penstock.db").exists()


def test_a_server_that_is_not_there_is_named_and_nothing_runs(
    store: Path, tmp_path: Path
) -> None:
    [address] = unused_addresses(1)
    script = program(store, "paced", str(tmp_path), "1", PENSTOCK_ADDRESS=address)
    _, said = script.communicate(timeout=HANG_LIMIT)
    assert script.returncode == 1
    assert address in said.splitlines()[-1]
    assert "penstock up" in said
    assert list(tmp_path.iterdir()) == []


def test_the_command_names_a_server_that_is_not_there(store: Path) -> None:
    [address] = unused_addresses(1)
    listed = penstock(store, "flow-run", "ls", PENSTOCK_ADDRESS=address)
    assert listed.returncode != 0
    assert address in listed.stderr
