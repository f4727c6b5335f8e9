"""The kinds of text in the contract: each pattern in proto/ is one, and is told in words.

A server checks the patterns with the rest of the contract. The embedded engine checks no
contract, so that the three kinds by which things are found are judged here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

NAME, TITLE, PRINTABLE = "NAME", "TITLE", "PRINTABLE"


# Spelt out, since no two languages know the same version of Unicode: control characters, and
# what turns, hides or breaks a line.
_HIDDEN = (
    r"\x00-\x1f\x7f-\x9f\x{200b}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}"
)
_SPACES = r" \x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}"


def _matches(pattern: str) -> Callable[[str], object]:
    """Python spells a character otherwise than RE2, in which the contract is written."""
    return re.compile(re.sub(r"\\x\{(\w+)\}", lambda it: f"\\u{it[1]:0>4}", pattern)).fullmatch


@dataclass(frozen=True, kw_only=True)
class TextKind:
    pattern: str
    words: str
    longest: int | None = None

    @cached_property
    def fits(self) -> Callable[[str], bool]:
        """Return the judge of a text, which needs no validator."""
        matches, longest = _matches(self.pattern), self.longest
        return lambda text: bool(matches(text)) and (longest is None or len(text) <= longest)


KINDS: Mapping[str, TextKind] = {
    NAME: TextKind(
        pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
        words="must be 1 to 63 letters, digits, '.', '_' or '-', beginning with a "
        "letter or a digit",
    ),
    TITLE: TextKind(
        pattern=f"^[^{_HIDDEN}{_SPACES}/]([^{_HIDDEN}/]*[^{_HIDDEN}{_SPACES}/])?$",
        longest=255,
        words="must be 1 to 255 printable characters without '/', and no space at either end",
    ),
    PRINTABLE: TextKind(
        pattern=f"^[^{_HIDDEN}]*$",
        words="must not contain control characters",
    ),
    "UUID7": TextKind(
        pattern="^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        words="must be a UUID of version 7, lower-case and hyphenated",
    ),
    "VARIABLE": TextKind(
        pattern="^[A-Za-z_][A-Za-z0-9_]{0,254}$",
        words="must be the name of a variable: letters, digits and '_', not beginning "
        "with a digit",
    ),
    "POOL_TYPE": TextKind(
        pattern="^[a-z][a-z0-9-]{0,99}$",
        words="must be lower-case letters, digits and '-', beginning with a letter",
    ),
    "DEPLOYMENT": TextKind(
        pattern="^[^/]+/[^/]+$",
        words="must be written as 'flow name/deployment name'",
    ),
}
_WORDS = {kind.pattern: kind.words for kind in KINDS.values()}


def words_for(pattern: str) -> str:
    """Return what a text must be to match a pattern of the contract."""
    return _WORDS[pattern]
