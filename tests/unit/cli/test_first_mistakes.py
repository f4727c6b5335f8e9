"""What a newcomer types wrong first, and what the command line says to do about it."""

from pathlib import Path

import click
import pytest

from fixtures_cli import Penstock, a_package, outside
from penstock.cli.serving import executor
from penstockd.executor.wiring import MOST_SLOTS


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
    assert (
        "name a file of a package by its module, such as mill.inner.grinding:FLOW" in answer.err
    )


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
    assert f"name a file of a package by its module, such as {module}:FLOW" in answer.err


def test_a_module_that_deploys_its_own_flow_names_the_module(tmp_path: Path) -> None:
    a_package(tmp_path)
    with (tmp_path / "mill" / "inner" / "grinding.py").open("a") as module:
        module.write("from penstock.process.entrypoints import entrypoint\n")
        module.write("found = entrypoint(grind.fn, grind.is_same)\n")
        module.write("print(found.where, found.folder)\n")
    done = outside(
        "-m", "mill.inner.grinding", home=tmp_path / "home", cwd=tmp_path, capture_output=True
    )
    assert done.stdout == f"mill.inner.grinding:grind {tmp_path}\n", done.stderr


def test_as_many_slots_can_be_asked_for_as_an_executor_has() -> None:
    [slots] = [option for option in executor.params if option.name == "slots"]
    assert isinstance(slots.type, click.IntRange)
    assert (slots.type.min, slots.type.max) == (1, MOST_SLOTS)


def test_defaults_are_shown_as_they_are_typed(penstock: Penstock) -> None:
    assert "default: 7470" in " ".join(penstock("up", "--help").out.split())
