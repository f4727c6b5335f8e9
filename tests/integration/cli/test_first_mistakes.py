"""What a newcomer does wrong first, and what the command line says to do about it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest

from fixtures_cli import Penstock, outside
from penstock.cli.serving import executor
from penstock.client.process_connection import process_connection
from penstockd.executor.wiring import MOST_SLOTS


def a_package(folder: Path) -> None:
    package = folder / "mill" / "inner"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "stones.py").write_text("COUNT = 2\n")
    (package / "grinding.py").write_text(
        "from penstock import flow\n"
        "from .stones import COUNT\n"
        "@flow\n"
        "def grind():\n    return COUNT\n"
    )


def test_a_misspelt_flow_is_told_with_those_that_there_are(penstock: Penstock) -> None:
    answer = penstock("run", "flows.py:clac")
    assert answer.code == 2
    assert "flows.py has no 'clac'; its flows are calc, bad, later" in answer.err


def test_a_file_without_a_flow_is_told(penstock: Penstock, tmp_path: Path) -> None:
    (tmp_path / "empty_file.py").write_text("x = 1\n")
    assert "it has no flows" in penstock("run", "empty_file.py:main").err


def test_a_file_of_a_package_is_told_its_module(penstock: Penstock, tmp_path: Path) -> None:
    a_package(tmp_path)
    answer = penstock("run", "mill/inner/grinding.py:grind")
    assert answer.code == 1
    assert "named by its module, such as mill.inner.grinding:FLOW" in answer.err


@pytest.mark.parametrize("away", [False, True])
def test_a_file_of_a_package_is_told_its_module_by_its_whole_path_too(
    penstock: Penstock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    a_package(tmp_path)
    if away:
        (tmp_path / "away").mkdir()
        monkeypatch.chdir(tmp_path / "away")
    answer = penstock("run", f"{tmp_path}/mill/inner/grinding.py:grind")
    module = "package.module" if away else "mill.inner.grinding"
    assert f"named by its module, such as {module}:FLOW" in answer.err


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


def test_a_module_that_deploys_its_own_flow_names_the_module(tmp_path: Path) -> None:
    a_package(tmp_path)
    with (tmp_path / "mill" / "inner" / "grinding.py").open("a") as module:
        module.write("from penstock.process.entrypoints import entrypoint\n")
        module.write("print(*entrypoint(grind.fn))\n")
    done = outside(
        "-m", "mill.inner.grinding", home=tmp_path / "home", cwd=tmp_path, capture_output=True
    )
    assert done.stdout == f"mill.inner.grinding:grind {tmp_path}\n", done.stderr


@pytest.mark.parametrize("command", [["run", "flows.py:calc", "-p", "x=1"], ["flow-run", "ls"]])
def test_a_damaged_store_is_told_by_its_file(
    penstock: Penstock, tmp_path: Path, command: list[str]
) -> None:
    file = tmp_path / "store" / "penstock.db"
    file.parent.mkdir()
    file.write_bytes(b"\x07" * 20_000)
    answer = penstock(*command)
    assert answer.code == 69
    assert f"penstock: {file}: this is no SQLite database" in answer.err
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
        assert (answer.code, "update Penstock" in answer.err) == (2, True), answer
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


@pytest.mark.parametrize(("given", "wanted"), [("1", False), ("", None)])
def test_no_colour_means_none(
    penstock: Penstock, monkeypatch: pytest.MonkeyPatch, given: str, wanted: bool | None
) -> None:
    seen: list[bool | None] = []
    monkeypatch.setenv("NO_COLOR", given)
    monkeypatch.setattr(
        "penstock.cli.output.click.echo",
        lambda *_, **__: seen.append(click.get_current_context().color),
    )
    penstock("version")
    assert seen[-1] is wanted


def test_as_many_slots_can_be_asked_for_as_an_executor_has() -> None:
    [slots] = [option for option in executor.params if option.name == "slots"]
    assert isinstance(slots.type, click.IntRange)
    assert (slots.type.min, slots.type.max) == (1, MOST_SLOTS)


def test_defaults_are_shown_as_they_are_typed(penstock: Penstock) -> None:
    assert "default: 7470" in " ".join(penstock("up", "--help").out.split())


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
