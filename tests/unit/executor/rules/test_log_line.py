from hypothesis import given
from hypothesis import strategies as st

from penstockd.executor.rules.log_line import LONGEST_LINE, LineCutter, shortened


def test_a_line_may_come_in_pieces() -> None:
    cutter = LineCutter()
    assert cutter.feed(b"wat") == []
    assert cutter.feed(b"er\nfl") == ["water"]
    assert cutter.feed(b"ows\n\n") == ["flows", ""]
    assert cutter.flush() == []


def test_what_follows_the_last_line_end_is_a_line_too() -> None:
    cutter = LineCutter()
    cutter.feed(b"done\nkilled he")
    assert cutter.flush() == ["killed he"]
    assert cutter.flush() == []


def test_a_line_end_of_two_bytes_is_one() -> None:
    assert LineCutter().feed(b"left\r\nright\r\n") == ["left", "right"]


def test_a_long_line_is_cut_with_a_note_and_holds_no_more_than_its_limit() -> None:
    cutter = LineCutter()
    for _ in range(100):
        cutter.feed(b"x" * 1_000_000)
        assert len(cutter._begun) == LONGEST_LINE
    (line,) = cutter.feed(b"\n")
    kept, _, note = line.partition(" [")
    assert len(line.encode()) <= LONGEST_LINE
    assert note == f"{100_000_000 - len(kept)} more bytes cut off]"


def test_the_next_line_is_whole_again() -> None:
    cutter = LineCutter(longest=100)
    assert len(cutter.feed(b"y" * 300 + b"\nshort\n")) == 2
    assert cutter.feed(b"again\n") == ["again"]


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert LineCutter().feed(b"\xff\x00!\n") == [
        "\N{REPLACEMENT CHARACTER}\N{SYMBOL FOR NULL}!"
    ]


@given(st.text(), st.integers(min_value=64, max_value=200))
def test_no_line_is_ever_longer_than_allowed(text: str, longest: int) -> None:
    assert len(shortened(text, longest).encode(errors="replace")) <= longest


@given(st.lists(st.binary(max_size=40)))
def test_how_the_bytes_arrive_does_not_matter(pieces: list[bytes]) -> None:
    whole, parted = LineCutter(), LineCutter()
    at_once = whole.feed(b"".join(pieces)) + whole.flush()
    bit_by_bit = [line for piece in pieces for line in parted.feed(piece)] + parted.flush()
    assert at_once == bit_by_bit
