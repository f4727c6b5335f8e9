"""Names and tags that people choose, as far as the contract carries them."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 200
MOST_TAGS = 100


def checked_label(what: str, text: str) -> str:
    """Return the text if it can be a name or a tag.

    Raises:
        TypeError: it is no text.
        ValueError: it is empty, too long, or holds what is no character of a line.
    """
    if not isinstance(text, str):
        raise TypeError(f"{what} is text, not {text!r}")
    if not text or len(text) > LONGEST:
        raise ValueError(f"{what} has 1 to {LONGEST} characters, this one has {len(text)}")
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(f"{what} holds half a character: {text!r}")
    if any(letter < " " or "\x7f" <= letter <= "\x9f" for letter in text):
        raise ValueError(f"{what} holds a control character: {text!r}")
    return text


def checked_tags(texts: Iterable[str]) -> frozenset[str]:
    """Return the tags, each once.

    Raises:
        ValueError: one of them cannot be a tag, or there are too many.
    """
    tags = frozenset(checked_label("a tag", text) for text in texts)
    if len(tags) > MOST_TAGS:
        raise ValueError(f"a run has at most {MOST_TAGS} tags, not {len(tags)}")
    return tags
