"""Page tokens and cursors that nobody gave: real ones changed, and inventions."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from random import Random

ENDS = (
    b"", b"\0", b"x", b"0", b"-1", b"0:", b"1:\0a", b"1_0", b"9223372036854775807",
    b"9223372036854775808",
    b"9" * 700, b"1e400", b"[[[[", b'["a", 1]', b"{}", b"null", b"\xff\xfe", b"\xed\xa0\x80",
    b"2026-01-01",
    b"0001-01-01T00:00:00+00:00", b"9999-12-31T23:59:59.999999+00:00", b"99999:" + b"a" * 40,
    b"\xf4\x8f\xbf\xbf",
    "\u0661\u0662".encode(), b"0190d7f0-0000-7000-8000-000000000001",
    b"00000000000070008000000000000001",
)  # fmt: skip
INVENTED = (
    "next",
    "=",
    "AAAA",
    "!!!!",
    "é",
    "\0",
    "A" * 1_024,
    "1",
    "-1",
    "0",
    "9" * 120,
    "1:1",
    "%00",
)


def forged(token: str, random: Random) -> str:
    """Return another token; it may by chance be one of theirs."""
    return random.choice((_invented, _cut, _with_another_end, _with_other_bytes, _renumbered))(
        token, random
    )


def _invented(_token: str, random: Random) -> str:
    return random.choice(INVENTED)


def _cut(token: str, random: Random) -> str:
    place = random.randrange(len(token) + 1)
    return random.choice((token[:place], token[place:], token + token[:place]))


def _with_another_end(token: str, random: Random) -> str:
    """Keep what says whose token it is, and change what it says."""
    data = _decoded(token)
    place = random.choice((8, 16, 32, random.randrange(len(data) + 1)))
    return urlsafe_b64encode(data[:place] + random.choice(ENDS)).decode()


def _with_other_bytes(token: str, random: Random) -> str:
    data = bytearray(_decoded(token) or b"\0")
    data[random.randrange(len(data))] = random.getrandbits(8)
    return urlsafe_b64encode(data).decode()


def _renumbered(token: str, random: Random) -> str:
    """Of a cursor that is written in numbers."""
    number = random.choice(("0", "-1", "9223372036854775807", "9223372036854775808", "9" * 90))
    digits = [place for place, each in enumerate(token) if each.isdecimal()]
    if not digits:
        return token + number
    place = random.choice(digits)
    return token[:place] + number + token[place + 1 :]


def _decoded(token: str) -> bytes:
    try:
        return urlsafe_b64decode(token.encode())
    except (Error, ValueError):
        return token.encode()
