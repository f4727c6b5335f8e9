"""JSON values as the profile of the contract has them: large integers stand as strings."""

import json
import re
from collections.abc import Sequence
from typing import Any

# As many digits as Python reads.
LONGEST = 4_300
_INTEGER = re.compile(r"-?[0-9]+")


def read_json(data: bytes, integer_pointers: Sequence[str] = ()) -> Any:
    """Return the value, with its large integers as integers. Raises ValueError."""
    try:
        value = json.loads(data)
        # NaN and what is too large for a float; a lone surrogate is no character.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"it breaks the rules of JSON at {place}") from None
    except UnicodeError:
        raise ValueError("it is no text in UTF-8") from None
    except ValueError:
        raise ValueError("a number in it is too long, or none at all") from None
    for pointer in integer_pointers:
        value = _restored(value, pointer)
    return value


def _restored(value: Any, pointer: str) -> Any:
    """Put the integer in the place of its text, which a JSON Pointer (RFC 6901) leads to."""
    if not pointer:
        return _integer(value, pointer)
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    holder = value
    try:
        for step in steps[:-1]:
            holder = holder[_key(holder, step)]
        last = _key(holder, steps[-1])
        holder[last] = _integer(holder[last], pointer)
    except (LookupError, TypeError):
        raise ValueError(f"the integer pointer {pointer!r} leads nowhere") from None
    return value


def _key(holder: Any, step: str) -> Any:
    return int(step) if isinstance(holder, list) and step.isdecimal() else step


def _integer(text: Any, pointer: str) -> int:
    if not isinstance(text, str) or not _INTEGER.fullmatch(text) or len(text) > LONGEST:
        raise ValueError(f"the integer pointer {pointer!r} leads to no text of an integer")
    return int(text)
