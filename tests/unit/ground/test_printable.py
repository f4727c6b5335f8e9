"""What steers a terminal is shown; what people write stays as it is."""

from unicodedata import category

import pytest

from penstock.ground.printable import continued, printable, printable_json

USUAL = [
    "plain",
    "tilde ~",
    "水",
    "é e\u0301",
    "a\u3000b\u00a0c",
    "👩\u200d💻",
    "\u0645\u06cc\u200c\u062e",
    "\ue0b0",
]


@pytest.mark.parametrize("text", USUAL)
def test_what_people_write_stays(text: str) -> None:
    assert printable(text) == printable_json(text) == text


def test_what_steers_is_shown() -> None:
    assert printable("a\x1b[2J\n\r\t\x9b") == r"a\x1b[2J\n\r\t\x9b"
    assert printable("\u2028\u202e\ud800\U000e0001") == r"\u2028\u202e\ud800\U000e0001"


def test_no_letter_of_a_steering_kind_is_left() -> None:
    every = "".join(map(chr, (*range(0x1_0000), *range(0xE_0000, 0xE_0080))))
    left = {it for it in printable(every) if category(it) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert left == {"\u200c", "\u200d"}


def test_only_the_first_line_of_a_text_begins_at_the_margin() -> None:
    assert list(continued("a\nb\r\nc\n")) == ["a", "  | b", "  | c"]
    assert list(continued("")) == [""]
