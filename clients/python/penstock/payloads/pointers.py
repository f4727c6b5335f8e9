"""JSON Pointers (RFC 6901) into JSON values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from penstock.payloads.values import UnreadablePayload

_POINTER = re.compile(r"(/([^/~]|~[01])*)*", re.DOTALL)
_POSITION = re.compile(r"0|[1-9][0-9]{0,9}")


class Target(NamedTuple):
    """Where a pointer leads: a key or index of a container."""

    container: Any
    key: Any


def joined(pointer: str, key: str | int) -> str:
    """Return the pointer to what lies under a key or position of what `pointer` says."""
    if type(key) is str:
        key = key.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{key}"


def target_of(holder: Sequence[Any], pointer: str) -> Target:
    """Return where the pointer leads in the value that is the only item of `holder`.

    Raises:
        UnreadablePayload: it is no pointer, or it leads nowhere.
    """
    if not _POINTER.fullmatch(pointer):
        raise UnreadablePayload(f"{pointer!r} is not a valid JSON Pointer: see RFC 6901")
    container: Any = holder
    key: Any = 0
    for token in pointer.split("/")[1:]:
        container = container[key]
        key = token.replace("~1", "/").replace("~0", "~")
        if type(container) is list:
            key = int(key) if _POSITION.fullmatch(key) else -1
            found = 0 <= key < len(container)
        else:
            found = type(container) is dict and key in container
        if not found:
            raise UnreadablePayload(f"the JSON Pointer {pointer!r} does not exist in the value")
    return Target(container, key)
