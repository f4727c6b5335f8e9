"""Names and tags that people choose, as far as the contract carries them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category

LONGEST = 200
LONGEST_NAME = 255
MOST_TAGS = 100
# What namespaces, work pools and queues may be called.
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
PLAIN_NAMES_TAKE = (
    "take letters, digits, '.', '_' and '-', begin with a letter or a digit, and have at most "
    "63 characters"
)
# Controls, what shows nothing, halves of characters and private ones.
_NO_TEXT = frozenset(("Cc", "Cf", "Co", "Cs"))
_LINE_ENDS = frozenset(("Zl", "Zp"))


def checked_name(what: str, text: str) -> str:
    """Return the text if it can be the name of a flow, a task or a deployment.

    Raises:
        TypeError: it is no text.
        ValueError: it is empty or too long, or holds a slash, a space at an end, or what
            cannot be printed.
    """
    _check_length(what, text, LONGEST_NAME)
    if "/" in text:
        raise ValueError(f"{what} cannot contain a slash: {text!r}")
    if text.isascii() and text.isprintable() and text == text.strip():
        return text
    kinds = [category(letter) for letter in text]
    if kinds[0].startswith("Z") or kinds[-1].startswith("Z"):
        raise ValueError(f"{what} cannot begin or end with a space: {text!r}")
    if not _NO_TEXT.isdisjoint(kinds) or not _LINE_ENDS.isdisjoint(kinds):
        raise ValueError(f"{what} contains a character that cannot be printed: {text!r}")
    return text


def checked_label(what: str, text: str) -> str:
    """Return the text if it can be a tag or a version.

    Raises:
        TypeError: it is no text.
        ValueError: it is empty, too long, or holds what is no character of a line.
    """
    _check_length(what, text, LONGEST)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(f"{what} contains half of a character (a lone surrogate): {text!r}")
    if any(letter < " " or "\x7f" <= letter <= "\x9f" for letter in text):
        raise ValueError(f"{what} contains a control character: {text!r}")
    return text


def checked_tags(texts: Iterable[str]) -> frozenset[str]:
    """Return the tags, each once.

    Raises:
        TypeError: they are one text, or no list of texts.
        ValueError: one of them cannot be a tag, or there are too many.
    """
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        raise TypeError(f"tags must be a list of strings: write [{texts!r}]")
    tags = frozenset(checked_label("a tag", text) for text in texts)
    if len(tags) > MOST_TAGS:
        raise ValueError(f"a run can have at most {MOST_TAGS} tags, not {len(tags)}")
    return tags


def _check_length(what: str, text: str, longest: int) -> None:
    if not isinstance(text, str):
        raise TypeError(f"{what} must be a string, not {text!r}")
    if not text or len(text) > longest:
        raise ValueError(f"{what} must have 1 to {longest} characters, not {len(text)}")
