"""Text of any origin, made fit for a terminal: what would steer it is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category

# Format, control, half a character, line and paragraph separators: they show nothing, and
# move the cursor, turn the direction of a text, or end the line.
_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Emoji, Persian and the scripts of India cannot be written without these two.
_JOINERS = "\u200c\u200d"
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_RARE = re.compile(r"[^ -~]")
_RARE_IN_JSON = re.compile(r"[^ -~\n]")
# Select Graphic Rendition: colours and weights, and nothing else that a terminal can do.
_COLOUR = re.compile(r"(\x1b\[[0-9;:]{0,64}m)")
_PLAIN_AGAIN = "\x1b[0m"
_CONTINUED = "  | "


def printable(text: str) -> str:
    r"""Return the text with what steers a terminal shown, as in `\x1b[2J`: one line."""
    return text if text.isprintable() else _RARE.sub(_shown, text)


def printable_json(text: str) -> str:
    """Return a JSON text that says the same, with what steers a terminal escaped."""
    return _RARE_IN_JSON.sub(_escaped, text)


def with_colours(text: str) -> str:
    """Return the text with nothing but its colours left to steer a terminal, off at its end."""
    parts = _COLOUR.split(text)
    if len(parts) == 1:
        return printable(text)
    kept = (part if place % 2 else printable(part) for place, part in enumerate(parts))
    return "".join(kept) + _PLAIN_AGAIN


def without_colours(text: str) -> str:
    """Return the text as `with_colours` does, for where there are none."""
    return printable(_COLOUR.sub("", text))


def continued(text: str) -> Iterator[str]:
    """Yield the lines of a text; none but the first can pass for one of somebody else's."""
    first, *more = text.rstrip("\n").replace("\r\n", "\n").split("\n")
    yield first
    for line in more:
        yield _CONTINUED + line


def _shown(found: re.Match[str]) -> str:
    return _as_text(found[0])


def _escaped(found: re.Match[str]) -> str:
    return _as_json(found[0])


@lru_cache(maxsize=4096)
def _as_text(letter: str) -> str:
    if not _steers(letter):
        return letter
    code = ord(letter)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return _NAMED.get(letter) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


@lru_cache(maxsize=4096)
def _as_json(letter: str) -> str:
    if not _steers(letter):
        return letter
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _steers(letter: str) -> bool:
    return category(letter) in _STEERING and letter not in _JOINERS
