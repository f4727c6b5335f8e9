"""What led to an exception, and what stands in a group of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

# Somebody may put more exceptions into a group than anybody reads.
MOST_LEAVES = 1000


def causes_of(error: BaseException, most: int) -> list[BaseException]:
    """Return what led to the error, the nearest first, each once.

    What it was raised from counts, else what was being handled, unless that was suppressed.
    Of a group the members come first; a group inside a group is only its members.
    """
    seen = {id(error)}
    found: list[BaseException] = []
    pending = deque([error])
    while pending:
        for each in _behind(pending.popleft()):
            if len(found) == most:
                return found
            if id(each) not in seen:
                seen.add(id(each))
                found.append(each)
                pending.append(each)
    return found


def leaves_of(error: BaseException) -> list[BaseException]:
    """Return the exceptions in a group and in the groups inside it; of any other, itself."""
    leaves: list[BaseException] = []
    pending, seen = [error], {id(error)}
    while pending and len(leaves) < MOST_LEAVES:
        each = pending.pop()
        if not issubclass(type(each), BaseExceptionGroup):
            leaves.append(each)
            continue
        members = _own(BaseExceptionGroup, "exceptions", each)[:MOST_LEAVES]
        fresh = [member for member in members if id(member) not in seen]
        seen.update(map(id, fresh))
        pending += reversed(fresh)
    return leaves


def _behind(error: BaseException) -> Iterator[BaseException]:
    if issubclass(type(error), BaseExceptionGroup):
        yield from leaves_of(error)
    cause = _own(BaseException, "__cause__", error)
    if cause is None and not _own(BaseException, "__suppress_context__", error):
        cause = _own(BaseException, "__context__", error)
    if cause is not None:
        yield cause


def _own(owner: type, attribute: str, error: BaseException) -> Any:
    # A subclass may override it, so that reading it would run its code.
    return vars(owner)[attribute].__get__(error)
