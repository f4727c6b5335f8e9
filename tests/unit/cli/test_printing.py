"""What is printed: our colours and those of logs, and JSON that is JSON."""

import io
import json
import sys
from collections.abc import Iterator

import pytest

from penstock.cli.printing import (
    Styled,
    painted,
    print_json,
    print_json_list,
    print_json_object,
    put,
)

STEERING = "\x1b[2J\u202e\x7f\ud800\U000e0041"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_are_ours_and_end_with_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stdout", terminal)
    put(Styled("x\x1b[31m", "red"), " y\x1b[32m")
    assert terminal.getvalue() == "\x1b[31mx\\x1b[31m\x1b[0m y\\x1b[32m\n"


def test_a_log_keeps_its_colours_and_nothing_else_and_they_end_with_the_line() -> None:
    log = Styled("\x1b[1;31mred\x1b[2J\x1b]0;t\x07 on", own_colours=True)
    assert painted([log], colours=True) == "\x1b[1;31mred\\x1b[2J\\x1b]0;t\\x07 on\x1b[0m"
    assert painted([log], colours=False) == r"red\x1b[2J\x1b]0;t\x07 on"


def test_no_colour_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", terminal)
    put(Styled("x", "red", bold=True), Styled("\x1b[31my", own_colours=True))
    assert terminal.getvalue() == "xy\n"


def test_json_says_the_same_without_what_steers(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({STEERING: [STEERING, "水 é"]})
    out = capsys.readouterr().out
    assert json.loads(out) == {STEERING: [STEERING, "水 é"]}
    assert "水 é" in out
    assert r"\u001b[2J\u202e\u007f\ud800\udb40\udc41" in out


def test_an_array_is_printed_as_its_items_come(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def pages() -> Iterator[list[int]]:
        for page in ([], [1, 2], [], [3]):
            yield page
            seen.append(capsys.readouterr().out)

    print_json_list(pages())
    assert seen == ["", "[\n1,\n2", "", ",\n3"]
    assert capsys.readouterr().out == "\n]\n"


@pytest.mark.parametrize("pages", [[], [[]], [[1], [2, 3]]])
def test_arrays_of_an_object_come_last(
    capsys: pytest.CaptureFixture[str], pages: list[list[int]]
) -> None:
    print_json_object({"id": "x"}, {"ones": pages, "twos": pages})
    flat = [item for page in pages for item in page]
    assert json.loads(capsys.readouterr().out) == {"id": "x", "ones": flat, "twos": flat}


def test_letters_that_the_output_does_not_have_are_escaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    put("水 é")
    print_json(["水 é"])
    head, *rest = raw.getvalue().decode().split("\n")
    assert head == r"\u6c34 \xe9"
    assert json.loads("".join(rest)) == ["水 é"]
