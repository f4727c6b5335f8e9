"""An output that is closed, full, or read by nobody ends each command in one way."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from fixtures_cli import Penstock
from penstock.cli.__main__ import main
from penstock.cli.commands import COMMANDS, GROUPS
from unit.cli.every_command import EVERY_CALL
from unit.cli.invented import Inventing
from unit.cli.services import Services

HELP = [[*path.split(), "--help"] for path in ("", *COMMANDS, *GROUPS)]
IN_JSON = [[*call, "-o", "json"] for call in EVERY_CALL]
CALLS = [*EVERY_CALL, *IN_JSON, *HELP]


@pytest.fixture
def full() -> Iterator[TextIO]:
    with Path("/dev/full").open("w") as stream:
        yield stream


@pytest.fixture
def unread() -> Iterator[TextIO]:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as stream:  # noqa: PTH123 - it has no path
        yield stream


@pytest.fixture(autouse=True)
def invented(services: Services) -> None:
    services(Inventing("x", enum=1))


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_nobody_is_told_that_nobody_reads(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    unread: TextIO,
    call: list[str],
) -> None:
    monkeypatch.setattr(sys, "stdout", unread)
    assert code_of(call) == 141
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_full_disk_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    full: TextIO,
    call: list[str],
) -> None:
    monkeypatch.setattr(sys, "stdout", full)
    assert code_of(call) == 74
    lost = "penstock: the output cannot be written: No space left on device\n"
    assert capsys.readouterr().err == lost


@pytest.mark.parametrize("call", [*EVERY_CALL, ["--help"]], ids=" ".join)
@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_stream_that_is_closed_is_not_missed(
    monkeypatch: pytest.MonkeyPatch, penstock: Penstock, closed: str, call: list[str]
) -> None:
    usual = penstock(*call).code
    monkeypatch.setattr(sys, closed, None)
    assert code_of(call) == usual
    getattr(sys, closed).close()


@pytest.mark.parametrize(
    "call", [["flow-run", "ls", "--limit", "x"], ["flow-run", "delete"], ["no"]]
)
def test_a_complaint_that_nobody_can_read_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, full: TextIO, call: list[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", full)
    assert code_of(call) == 2


def code_of(call: list[str]) -> object:
    with pytest.raises(SystemExit) as ended:
        main(call)
    return ended.value.code
