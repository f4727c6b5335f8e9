"""What a command loads that asks nobody, and what becomes of one that nobody reads."""

import subprocess
from pathlib import Path

import pytest

from fixtures_cli import loaded, outside


@pytest.mark.parametrize("arguments", [["--help"], ["flow-run", "--help"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    assert loaded(arguments, tmp_path) == "loaded: "


def test_up_needs_only_settings_before_it_becomes_the_server(tmp_path: Path) -> None:
    assert loaded(["up", "--help"], tmp_path) == "loaded: "


def test_a_reader_that_leaves_gets_no_traceback(tmp_path: Path) -> None:
    ended = outside(
        "-c",
        "import os, sys; from penstock.cli.__main__ import main\n"
        "read, write = os.pipe(); os.close(read); os.dup2(write, 1); main(['version'])",
        home=tmp_path,
        stderr=subprocess.PIPE,
    )
    assert ended.stderr == ""
    assert ended.returncode == 141
