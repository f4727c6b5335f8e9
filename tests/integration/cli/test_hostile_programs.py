"""Whatever a file holds that `penstock run` is given, its fault is told as the file's own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures_cli import Answer
from hanging import HANG_LIMIT
from integration.cli.test_hostile_calls import is_told

PROGRAMS = {
    "raises": b"raise RuntimeError('no')",
    "raises without words": b"class E(Exception):\n  def __str__(self): raise E\nraise E",
    "raises several": b"raise ExceptionGroup('g', [ValueError('a'), KeyError('b')])",
    "raises what is no Exception": b"raise BaseException('base')",
    "is interrupted": b"raise KeyboardInterrupt",
    "exits": b"import sys; sys.exit(3)",
    "exits with a word": b"raise SystemExit('gone')",
    "recurses": b"def f(): f()\nf()",
    "imports what is not there": b"import not_there_at_all",
    "is no Python": b"def (",
    "is empty": b"",
    "has no flow": b"calc = 1",
    "has a class": b"class calc: ...",
    "has attributes that raise": b"def __getattr__(name): raise ValueError(name)",
    "is binary": b"\x7fELF\x00\x01\x02\xff" * 50,
    "is no UTF-8": b"calc = 'caf\xe9'",
    "exits in its flow": b"from penstock import flow\n@flow\ndef calc(): raise SystemExit(4)",
}
IN_PLACE_OF_A_FILE: dict[str, Callable[[Path], None]] = {
    "folder": Path.mkdir,
    "fifo": os.mkfifo,
    "link to itself": lambda path: path.symlink_to(path),
    "dead link": lambda path: path.symlink_to("gone.py"),
    "device": lambda path: path.symlink_to("/dev/null"),
}


def ran(folder: Path) -> Answer:
    done = subprocess.run(
        [sys.executable, "-m", "penstock.cli", "run", "program.py:calc"],
        cwd=folder,
        env={**os.environ, "PENSTOCK_HOME": str(folder / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    return Answer(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_with_a_fault_is_told_as_the_users(tmp_path: Path, name: str) -> None:
    (tmp_path / "program.py").write_bytes(PROGRAMS[name])
    answer = ran(tmp_path)
    expected = {"exits": {3}, "exits in its flow": {4}, "is interrupted": {130}}
    answered = (answer.code, answer.err[-600:])
    assert answer.code in expected.get(name, {1, 2}), answered
    assert "this is a bug" not in answer.err, answered
    assert answer.err or name == "exits", answered


@pytest.mark.parametrize("name", IN_PLACE_OF_A_FILE)
def test_what_is_no_file_is_told_without_waiting_for_it(tmp_path: Path, name: str) -> None:
    IN_PLACE_OF_A_FILE[name](tmp_path / "program.py")
    answer = ran(tmp_path)
    assert is_told(answer, {2}), answer
    assert "there is no file program.py" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ["up", "--listen", "nowhere"],
        ["up", "--database", "mysql://x"],
        ["up", "--no-such-option"],
        ["up", "one", "too", "many"],
        ["up", "--socket-only", "--listen", "localhost:0"],
        ["executor", "start", "--slots", "0"],
        ["executor", "start", "--slots", "many"],
        ["executor", "start", "--slots", "9" * 400],
        ["executor", "start", "--no-such-option"],
        ["executor", "start", "one"],
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_a_server_ends_at_words_that_do_not_fit(tmp_path: Path, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "penstock.cli", *words],
        cwd=tmp_path,
        env={**os.environ, "PENSTOCK_HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert is_told(Answer(code=done.returncode, out="", err=done.stderr), {2, 69, 78}), done
