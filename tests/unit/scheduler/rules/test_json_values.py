from typing import Any

import pytest

from penstockd.scheduler.rules.json_values import read_json

LARGE = 1 << 60


@pytest.mark.parametrize(
    ("text", "pointers", "value"),
    [
        (f'"{LARGE}"', [""], LARGE),
        (f'{{"ids":["1","-{LARGE}"]}}', ["/ids/1"], {"ids": ["1", -LARGE]}),
        (f'{{"a/b":{{"~":"{LARGE}"}}}}', ["/a~1b/~0"], {"a/b": {"~": LARGE}}),
        ('{"0":"7"}', ["/0"], {"0": 7}),
        ("[1]", [], [1]),
    ],
)
def test_large_integers_are_put_back(text: str, pointers: list[str], value: Any) -> None:
    assert read_json(text.encode(), pointers) == value


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("{}", "/a"),
        ("[]", "/0"),
        ("[]", "/-"),
        ("7", "/a"),
        ('{"a":7}', "/a/b"),
        ("7", ""),
        ('"7.5"', ""),
        ('"\\u0667"', ""),
        ('"' + "9" * 5000 + '"', ""),
    ],
)
def test_a_pointer_to_no_integer_is_refused(text: str, pointer: str) -> None:
    with pytest.raises(ValueError, match="pointer"):
        read_json(text.encode(), [pointer])


@pytest.mark.parametrize(
    "data",
    [b"{", b"NaN", b'{"a": 1e999}', b'"\\ud800"', b"\xff", b"[" * 60_000],
)
def test_what_the_profile_has_not_is_no_json(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_json(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "there is a syntax error at line 1, column 2"),
        (b"[1,\n]", "there is a syntax error at line 2, column 1"),
        (b"", "there is a syntax error at line 1, column 1"),
        (b"\xff", "it is not valid UTF-8"),
        (b'"\\ud800"', "it is not valid UTF-8"),
        (b"NaN", "a number in it is too long or not valid"),
        (b"1" * 5_000, "a number in it is too long or not valid"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_json_is_told_in_our_words(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        read_json(data)
