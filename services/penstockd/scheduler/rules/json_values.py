"""JSON values as the profile of the contract has them: large integers stand as strings."""

import json
import re
from collections.abc import Sequence
from typing import Any

# An object or list by its identity, and the name or index in it.
Place = tuple[int, str | int]

# As many digits as Python reads.
LONGEST = 4_300
_INTEGER = re.compile(r"-?[0-9]+")
# Python compares and writes values by recursion.
_DEEPEST = 200
_TOO_DEEP = "it is nested too deeply"


def read_json(data: bytes, integer_pointers: Sequence[str] = ()) -> Any:
    """Return the value, with its large integers as integers. Raises ValueError."""
    try:
        value = json.loads(data)
        if _deeper_than(_DEEPEST, value):
            raise RecursionError  # noqa: TRY301
        # NaN and what is too large for a float; a lone surrogate is no character.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"there is a syntax error at {place}") from None
    except UnicodeError:
        raise ValueError("it is not valid UTF-8") from None
    except ValueError:
        raise ValueError("a number in it is too long or not valid") from None
    holder = [value]
    for pointer in integer_pointers:
        within, step = _step_to(holder, pointer)
        within[step] = _integer(within[step], pointer)
    return holder[0]


def place_of(holder: list[Any], pointer: str) -> Place | None:
    """Return where a JSON Pointer (RFC 6901) leads to in the one value of a list."""
    try:
        within, step = _step_to(holder, pointer)
    except ValueError:
        return None
    return id(within), step


def _step_to(holder: list[Any], pointer: str) -> tuple[Any, str | int]:
    """Return what holds the pointer's value, and its name or index there."""
    before, *texts = pointer.split("/")
    within: Any = None if before else holder
    step: str | int = 0
    try:
        for text in texts:
            within = within[step]
            name = text.replace("~1", "/").replace("~0", "~")
            step = int(name) if isinstance(within, list) and name.isdecimal() else name
        within[step]
    except (LookupError, TypeError, ValueError):
        raise ValueError(
            f"the integer pointer {pointer!r} does not exist in the value"
        ) from None
    return within, step


def _integer(text: Any, pointer: str) -> int:
    if not isinstance(text, str) or not _INTEGER.fullmatch(text) or len(text) > LONGEST:
        raise ValueError(f"the integer pointer {pointer!r} does not lead to a string of digits")
    return int(text)


def _deeper_than(most: int, value: Any) -> bool:
    level: list[Any] = [[value]]
    for _ in range(most):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
