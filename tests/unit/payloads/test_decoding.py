"""Bytes as values again, if they are what they are said to be."""

from collections.abc import Sequence

import pytest

from penstock.exceptions import MissingResult
from penstock.payloads.decoding import decode
from penstock.payloads.values import JSON, UnreadablePayload


@pytest.mark.parametrize(
    ("data", "integers", "told"),
    [
        (b'{"a": "1"}', ["/b"], "does not exist in the value"),
        (b'{"a": "1"}', ["/a/b"], "does not exist in the value"),
        (b'["1"]', ["/1"], "does not exist in the value"),
        (b'["1"]', ["/00"], "does not exist in the value"),
        (b'["1"]', ["/-"], "does not exist in the value"),
        (b'["1"]', ["/-1"], "does not exist in the value"),
        (b'"1"', ["/"], "does not exist in the value"),
        (b'["1"]', ["0"], "not a valid JSON Pointer"),
        (b'{"~2": "1"}', ["/~2"], "not a valid JSON Pointer"),
        (b'["1.5"]', ["/0"], "the string '1.5'"),
        (b'[" 1"]', ["/0"], "the string ' 1'"),
        (b'["1_0"]', ["/0"], "the string '1_0'"),
        (b'["\xd9\xa1"]', ["/0"], "the string"),
        (b'["%b"]' % (b"1" * 5000), ["/0"], "the string"),
        (b"[1]", ["/0"], "a value of type int"),
        (b'["1"]', ["/0", "/0"], "a value of type int"),
        (b"[NaN]", [], "not valid JSON"),
        (b"[1", [], "not valid JSON"),
        (b"\xff", [], "not valid JSON"),
        (b"[" * 100_000, [], "not valid JSON"),
        (b"1" * 5000, [], "not valid JSON"),
    ],
)
def test_bytes_that_are_not_what_they_are_said_to_be(
    data: bytes, integers: Sequence[str], told: str
) -> None:
    with pytest.raises(UnreadablePayload, match=told):
        decode(JSON, data, integers)


def test_bytes_that_nobody_here_can_read() -> None:
    with pytest.raises(MissingResult, match="text/html"):
        decode("text/html", b"")


def test_pointers_restore_integers_of_other_languages() -> None:
    assert decode(JSON, b'{"": {"a/b~c": "5"}}', ["//a~1b~0c"]) == {"": {"a/b~c": 5}}
    assert decode(JSON, b'"-7"', [""]) == -7
