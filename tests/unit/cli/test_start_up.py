"""What a command loads, and what becomes of one that nobody reads."""

import subprocess
from pathlib import Path

import pytest

from fixtures_cli import outside

HEAVY = ("grpc", "google.protobuf", "pydantic", "sqlalchemy", "rich", "asyncio", "penstockd")
LOADED = """
import sys
from penstock.cli.__main__ import main
try:
    main(sys.argv[2:])
finally:
    found = [name for name in sys.argv[1].split() if name in sys.modules]
    sys.stderr.write("loaded: " + " ".join(found))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["flow-run", "--help"]], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    assert loaded(arguments, tmp_path) == "loaded: "


def test_a_list_loads_neither_rich_nor_sqlalchemy_nor_pydantic(tmp_path: Path) -> None:
    text = loaded(["flow-run", "ls"], tmp_path).rpartition("loaded: ")[2]
    assert set(text.split()).isdisjoint({"rich", "sqlalchemy", "pydantic"})


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


def loaded(arguments: list[str], home: Path) -> str:
    ended = outside("-c", LOADED, " ".join(HEAVY), *arguments, home=home, capture_output=True)
    assert ended.returncode == 0, ended.stderr
    return str(ended.stderr)
