"""What a newcomer does wrong with a store, and what the command line says to do about it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_cli import Penstock, a_package, outside
from penstock.client.process_connection import process_connection


def test_a_flow_of_a_package_is_deployed_by_its_module(
    penstock: Penstock, tmp_path: Path
) -> None:
    a_package(tmp_path)
    assert penstock("run", "mill.inner.grinding:grind").code == 0
    penstock("pool", "create", "local-pool")
    penstock("deploy", "mill.inner.grinding:grind", "-n", "nightly", "--pool", "local-pool")
    [made] = penstock("deployment", "ls", "-o", "json").json
    launch = made["spec"]["launch"]["python"]
    assert launch["entrypoint"] == "mill.inner.grinding:grind"
    assert (launch["working_dir"], launch["sys_path"]) == (str(tmp_path), [str(tmp_path)])


@pytest.mark.parametrize("command", [["run", "flows.py:calc", "-p", "x=1"], ["flow-run", "ls"]])
def test_a_damaged_store_is_told_by_its_file(
    penstock: Penstock, tmp_path: Path, command: list[str]
) -> None:
    file = tmp_path / "store" / "penstock.db"
    file.parent.mkdir()
    file.write_bytes(b"\x07" * 20_000)
    answer = penstock(*command)
    assert answer.code == 69
    assert f"penstock: {file}: this is not a SQLite database" in answer.err
    assert "Traceback" not in answer.err


def test_who_cannot_open_the_store_leaves_no_sign_of_life(
    penstock: Penstock, tmp_path: Path
) -> None:
    file = tmp_path / "store" / "penstock.db"
    file.parent.mkdir()
    file.write_bytes(b"\x07" * 20_000)
    assert penstock("flow-run", "ls").code == 69
    assert list((file.parent / "alive").iterdir()) == []


def test_a_newer_store_is_told_by_all_and_by_the_doctor(
    penstock: Penstock, tmp_path: Path
) -> None:
    penstock("run", "flows.py:calc", "-p", "x=1")
    process_connection.close()
    with closing(sqlite3.connect(tmp_path / "store" / "penstock.db")) as store:
        store.execute("UPDATE state_schema SET revision = '0099'")
        store.commit()
    for command in (["run", "flows.py:calc", "-p", "x=1"], ["flow-run", "ls"]):
        answer = penstock(*command)
        assert (answer.code, "update Penstock" in answer.err) == (69, True), answer
        assert "Traceback" not in answer.err
    found = {row["what"]: row["verdict"] for row in penstock("doctor", "-o", "json").json}
    assert found["services"] == "bad"


def test_without_a_server_a_run_says_so_in_one_line(
    penstock: Penstock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_ADDRESS", "localhost:1")
    answer = penstock("run", "flows.py:calc", "-p", "x=1")
    assert answer.code == 69
    [line] = answer.err.splitlines()
    assert line.startswith("penstock: no Penstock server answers at localhost:1")


MOVING = """
import os
from penstock import flow

@flow
def moves():
    os.chdir("away")
    return os.urandom(1_000_000)

moves()
"""


def test_a_relative_store_stays_where_it_is_when_the_program_moves(tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (tmp_path / "moving.py").write_text(MOVING)
    done = outside("moving.py", home=Path("near"), cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "away").iterdir()) == []
    assert (tmp_path / "near" / "content").is_dir()
